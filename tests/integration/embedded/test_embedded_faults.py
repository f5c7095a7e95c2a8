"""Everything that can be wrong with pid files, data folders and processes."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from codebase_core_postgres.embedded import (
    BinariesUnavailable,
    DataIncompatible,
    DataIncomplete,
    DataInUse,
    EmbeddedServer,
    NotReady,
    PlatformUnsupported,
    StartFailed,
    binaries,
)
from codebase_core_postgres.embedded.lock import exclusive

from .conftest import Place, query, wait_for


@pytest.fixture
def stopped(place: Place) -> EmbeddedServer:
    """A server that ran once and holds a table."""
    server = place.server()
    query(server.ensure_running(), "create table kept as select 7 as n")
    server.stop()
    return server


@pytest.fixture
def bystander(stopped: EmbeddedServer) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the server's account that has nothing to do with it."""
    owner = stopped.status().data_dir.stat()
    identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **identity) as process:
        yield process
        process.kill()


def pid_file(data: Path, pid: int) -> str:
    socket_dir = data.parent / "socket"
    return f"{pid}\n{data}\n1700000000\n5432\n{socket_dir}\n\n   123456         0\nready   \n"


def leave(data: Path, text: str) -> None:
    """Leave pid file and socket lock file behind, as a crash does."""
    owner = data.stat()
    for file in (data / "postmaster.pid", data.parent / "socket" / ".s.PGSQL.5432.lock"):
        file.write_text(text, encoding="utf-8")
        os.chown(file, owner.st_uid, owner.st_gid)
        file.chmod(0o600)


@pytest.mark.parametrize("text", ["", "garbage\n", "12\n", "-17\n"], ids=["empty", "garbage", "cut", "single-user"])
def test_broken_pid_file(stopped: EmbeddedServer, text: str) -> None:
    leave(stopped.status().data_dir, text)
    assert not stopped.stop()
    assert query(stopped.ensure_running(), "select n from kept") == 7


def test_pid_of_nobody(stopped: EmbeddedServer) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    leave(stopped.status().data_dir, pid_file(stopped.status().data_dir, gone.pid))
    assert not stopped.status().running
    assert query(stopped.ensure_running(), "select n from kept") == 7


def test_pid_recycled_by_another_process(stopped: EmbeddedServer, bystander: subprocess.Popen[bytes]) -> None:
    leave(stopped.status().data_dir, pid_file(stopped.status().data_dir, bystander.pid))
    assert not stopped.status().running
    assert not stopped.stop()
    assert query(stopped.ensure_running(), "select n from kept") == 7
    assert stopped.stop()
    assert bystander.poll() is None


def test_pid_of_a_zombie(stopped: EmbeddedServer, bystander: subprocess.Popen[bytes]) -> None:
    bystander.kill()
    leave(stopped.status().data_dir, pid_file(stopped.status().data_dir, bystander.pid))
    assert query(stopped.ensure_running(), "select n from kept") == 7


def test_kill_9_of_the_postmaster_with_a_query_running(place: Place) -> None:
    server = place.server()
    endpoint = server.ensure_running()
    query(endpoint, "create table kept as select 7 as n")
    first = server.status().pid

    async def crash() -> None:
        connection = await asyncpg.connect(host=str(endpoint.socket_dir), user=endpoint.user, database="postgres")
        sleeping = asyncio.ensure_future(connection.fetchval("select pg_sleep(60)"))
        await asyncio.sleep(0.1)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: not server.status().running)
        again = await asyncio.to_thread(server.ensure_running)
        assert again == endpoint
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await sleeping
        connection.terminate()

    asyncio.run(crash())
    assert server.status().pid != first
    assert query(endpoint, "select n from kept") == 7


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_client_killed_in_the_middle_of_initdb(place: Place, how: signal.Signals) -> None:
    client = place.client("server.ensure_running()")
    server = place.server()
    area = server.status().data_dir.parent
    wait_for(lambda: next(area.glob("initdb-*/base/1"), None))
    os.killpg(client.pid, how)
    client.communicate(timeout=10)
    assert client.returncode != 0
    assert not server.status().data_dir.exists()
    assert query(server.ensure_running(), "select 1") == 1
    assert not list(area.glob("initdb-*"))


def test_empty_data_folder_is_filled(stopped: EmbeddedServer) -> None:
    data = stopped.status().data_dir
    shutil.rmtree(data)
    data.mkdir()
    assert query(stopped.ensure_running(), "select 1") == 1


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_incomplete_data_folder_is_named_and_left_alone(stopped: EmbeddedServer, missing: str) -> None:
    data = stopped.status().data_dir
    (data / missing).unlink()
    with pytest.raises(DataIncomplete, match=re.escape(str(data))):
        stopped.ensure_running()
    assert (data / "base").is_dir()


def test_data_of_another_major_version(stopped: EmbeddedServer) -> None:
    data = stopped.status().data_dir
    (data / "PG_VERSION").write_text("17\n", encoding="ascii")
    with pytest.raises(DataIncompatible, match=r"PostgreSQL 17, .* PostgreSQL 18") as caught:
        stopped.ensure_running()
    assert str(data) in caught.value.hint


def test_only_a_folder_of_another_major_version(stopped: EmbeddedServer) -> None:
    """To start empty beside it would look like a lost index."""
    data = stopped.status().data_dir
    data.rename(data.with_name("postgres-17"))
    with pytest.raises(DataIncompatible, match=r"postgres-17 holds data of PostgreSQL 17"):
        stopped.ensure_running()
    assert not data.exists()


def test_setting_that_postgresql_refuses(stopped: EmbeddedServer) -> None:
    local = stopped.status().data_dir.parent / "local.conf"
    local.write_text("nonsense = 1\n", encoding="utf-8")
    local.chmod(0o644)
    with pytest.raises(StartFailed, match=r"configuration|nonsense"):
        stopped.ensure_running()
    assert "nonsense" in stopped.log_tail(10)
    local.unlink()
    assert query(stopped.ensure_running(), "select n from kept") == 7


def test_fault_after_the_log_files_are_open(stopped: EmbeddedServer) -> None:
    wal = stopped.status().data_dir / "pg_wal"
    for segment in wal.glob("0000*"):
        segment.unlink()
    with pytest.raises(StartFailed, match="could not locate a valid checkpoint"):
        stopped.ensure_running()


def test_server_started_by_hand_is_left_alone(stopped: EmbeddedServer) -> None:
    data = stopped.status().data_dir
    owner = data.stat()
    identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    postgres = next(data.parent.glob("binaries/*/*/*/bin/postgres"))
    command = [postgres, "-D", data, "-k", data, "-c", "listen_addresses="]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd="/", **identity) as by_hand:
        try:
            wait_for((data / "postmaster.pid").exists)
            with pytest.raises(DataInUse, match=str(by_hand.pid)):
                stopped.ensure_running()
            assert by_hand.poll() is None
        finally:
            by_hand.send_signal(signal.SIGINT)
            by_hand.wait()


def test_wheel_that_is_not_installed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "PACKAGE", "no_such_package")
    with pytest.raises(BinariesUnavailable, match="no_such_package with PostgreSQL 18") as caught:
        place.server().ensure_running()
    assert "REGISTRY_DATABASE_URL" in caught.value.hint
    assert not list(place.base.iterdir())


def test_windows(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(PlatformUnsupported, match="Windows"):
        EmbeddedServer(place.state)


def test_deadline_is_kept_when_another_start_hangs(stopped: EmbeddedServer, place: Place) -> None:
    with exclusive(stopped.status().data_dir.parent / "lock") as held:
        assert held is not None
        with pytest.raises(NotReady, match=r"within 0\.2 s"):
            place.server(timeout=0.2).ensure_running()
        with pytest.raises(NotReady, match="did not stop"):
            place.server(timeout=0.2).stop()


def test_state_folder_removed_under_a_running_server(place: Place) -> None:
    server = place.server()
    server.ensure_running()
    data = server.status().data_dir
    orphan = server.status().pid
    shutil.rmtree(data.parent)
    server.ensure_running()
    assert server.status().pid != orphan
    # Within a minute the old server sees that its pid file is gone, ends, and takes the new one's socket with it.
    os.kill(orphan, signal.SIGQUIT)
    wait_for(lambda: not server.status().running)
    assert query(server.ensure_running(), "select 1") == 1


def test_stop_where_the_socket_was_removed(place: Place) -> None:
    server = place.server()
    server.ensure_running()
    server.status().socket.unlink()
    assert server.stop()
