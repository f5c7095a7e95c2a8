"""Indexing in the background, from the command line: jobs and watching."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from .conftest import User


def _ended(user: User, job: str) -> dict[str, object]:
    while (shown := user.run("jobs", "show", job, "--json").json)["state"] == "running":
        time.sleep(0.1)
    return shown


def test_a_detached_index_is_a_job(user: User) -> None:
    started = user.run("index", "--detach")
    assert started.code == 0, started.err
    job = started.out.strip()
    assert f"codebase-core jobs show {job}" in started.err
    shown = _ended(user, job)
    assert (shown["state"], shown["report"]["files"]["indexed"]) == ("done", 3)
    assert shown["progress"]["job"] == job
    assert user.run("search", "pool").code == 0
    assert f"{job}  done" in user.run("jobs", "list").out
    assert {"id", "state", "root", "scope"} <= user.run("jobs", "list", "--json").json[0].keys()
    assert "index ends" in user.run("jobs", "logs", job).out
    assert "it was not running" in user.run("jobs", "cancel", job).err
    assert user.run("jobs", "show", job).out.startswith(f"job {job}: {user.cwd}, done")


def test_a_job_that_fails_and_one_that_does_not_exist(user: User, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    job = user.run("index", "--detach", "--json", str(tmp_path / "empty")).json["id"]
    assert _ended(user, job)["state"] == "failed"
    assert "error: " in user.run("jobs", "show", job).out
    unknown = user.run("jobs", "show", "nothing")
    assert (unknown.code, "codebase-core jobs list" in unknown.err) == (1, True)


def test_watch_follows_until_ctrl_c(user: User) -> None:
    process = user.start("watch", "--json")
    assert process.stdout is not None
    try:
        assert '"indexed": 3' in process.stdout.readline()
        second = user.run("watch")
        assert (second.code, "is watched already" in second.err) == (1, True)
        (user.cwd / "cart" / "new.py").write_text("def quicksilver():\n    pass\n")
        assert '"indexed": 1' in process.stdout.readline()
        assert user.run("search", "--json", "quicksilver").json["hits"][0]["path"] == "cart/new.py"
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
