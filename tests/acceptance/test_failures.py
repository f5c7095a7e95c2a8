"""What breaks around a command: the server, the password, the folder's permissions, the user's patience."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.secured_server import PASSWORD, SecuredServer, secured_server

from .conftest import User
from .test_bad_input import refused


@pytest.fixture(scope="module")
def secured() -> Iterator[SecuredServer]:
    with secured_server() as server:
        asyncio.run(server.role("ordinary"))
        asyncio.run(server.run(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'"))
        yield server


@pytest.fixture
def large(user: User) -> User:
    """A user whose repository takes a while."""
    for number in range(3_000):
        folder = user.cwd / f"package{number % 30}"
        folder.mkdir(exist_ok=True)
        body = "".join(f"def function_{number}_{i}(value):\n    return value + {i}\n\n\n" for i in range(40))
        (folder / f"module{number}.py").write_text(body)
    return user


def _wait_for_rows(user: User, process: subprocess.Popen[str]) -> None:
    """Wait until a running index has committed its first batch."""
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        done = user.run("status", "--json")
        if done.code == 0 and done.json["chunks"]:
            return
    raise AssertionError(f"nothing was indexed: {process.poll()}")


def test_wrong_password(user: User, secured: SecuredServer, tmp_path: Path) -> None:
    url = secured.url("ordinary", "postgres", password="wr0ng")
    away = dataclasses.replace(user, home=tmp_path / "home", extra={"REGISTRY_DATABASE_URL": url})
    for command in (["index"], ["search", "pool"], ["status"], ["projects", "list"], ["projects", "verify"]):
        refused(away.run(*command), "password authentication failed", "hint: check user and password")
    debug = away.run("--debug", "index")
    assert "Traceback" in debug.err
    assert "wr0ng" not in debug.out + debug.err


def test_a_missing_right(user: User, secured: SecuredServer, tmp_path: Path) -> None:
    url = secured.url("ordinary", "postgres")
    away = dataclasses.replace(user, home=tmp_path / "home", extra={"REGISTRY_DATABASE_URL": url})
    done = away.run("index")
    refused(done, "hint: an administrator runs once: ")
    statements = away.run("doctor", "--sql").out.splitlines()
    assert 'GRANT CREATE ON DATABASE "postgres" TO "ordinary";' in statements
    assert 'ALTER ROLE "ordinary" CREATEDB;' in statements
    assert "CREATE EXTENSION vector;" in statements
    assert PASSWORD not in away.run("doctor").out


def test_a_server_killed_while_indexing(large: User, tmp_path: Path) -> None:
    away = dataclasses.replace(large, home=tmp_path / "home")
    assert away.run("init").code == 0
    status = away.run("server", "status", "--json").json
    try:
        process = away.start("index")
        _wait_for_rows(away, process)
        os.kill(status["pid"], signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        lines = [line.partition(":")[0] for line in err.splitlines() if not line.startswith("WARNING")]
        assert (process.returncode, out, lines) == (1, "", ["error", "hint"]), err
        assert "Traceback" not in err
        again = away.run("index", "--json")
        assert again.code == 0, again.err
        files = again.json["files"]
        assert files["unchanged"] > 0, "what was committed is kept"
        assert files["unchanged"] + files["indexed"] == 3_003
        assert away.run("projects", "verify").code == 0
    finally:
        away.run("server", "stop")
        shutil.rmtree(Path(status["data_dir"]).parent, ignore_errors=True)


def test_a_server_stopped_while_indexing(large: User, tmp_path: Path) -> None:
    away = dataclasses.replace(large, home=tmp_path / "home")
    assert away.run("init").code == 0
    status = away.run("server", "status", "--json").json
    try:
        process = away.start("index")
        _wait_for_rows(away, process)
        assert away.run("server", "stop").code == 0
        out, err = process.communicate(timeout=60)
        lines = [line.partition(":")[0] for line in err.splitlines() if not line.startswith("WARNING")]
        assert (process.returncode, out, lines) == (1, "", ["error", "hint"]), err
        assert "Traceback" not in err
        assert away.run("index").code == 0
    finally:
        away.run("server", "stop")
        shutil.rmtree(Path(status["data_dir"]).parent, ignore_errors=True)


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.5, 1.0, 1.5])
def test_ctrl_c_at_any_moment(large: User, moment: float) -> None:
    process = large.start("index")
    time.sleep(moment)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT), err
    assert "Traceback" not in err or moment < 0.1  # while Python itself still starts
    assert out == ""
    done = large.run("index", "--json")
    assert done.code == 0, done.err
    assert done.json["files"]["unchanged"] + done.json["files"]["indexed"] == 3_003


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
def test_an_unreadable_root(user: User, secured: SecuredServer, tmp_path: Path) -> None:
    extra = {"REGISTRY_DATABASE_URL": secured.url("postgres", "postgres")}
    away = dataclasses.replace(user, home=tmp_path / "home", cwd=tmp_path, extra=extra)
    capabilities = "-dac_override,-dac_read_search"
    prefix = ["setpriv", f"--bounding-set={capabilities}", f"--inh-caps={capabilities}"] if os.geteuid() == 0 else []
    assert away.run("index", str(user.cwd)).code == 0
    user.cwd.chmod(0)
    try:
        refused(away.run("index", str(user.cwd), prefix=prefix), "Permission denied", "hint: ")
        refused(away.run("index", str(user.cwd / "cart"), prefix=prefix), "hint: ")
    finally:
        user.cwd.chmod(0o755)
    assert away.run("search", "-C", str(user.cwd), "--json", "pool").json["hits"], "nothing is lost"
    (user.cwd / "cart").chmod(0)
    try:
        done = away.run("index", str(user.cwd), "--json", prefix=prefix)
        assert done.code == 0, done.err
        assert done.json["files"]["removed"] == 0
    finally:
        (user.cwd / "cart").chmod(0o755)
