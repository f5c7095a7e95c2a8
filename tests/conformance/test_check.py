"""`plugins check` holds what is installed to the kit, and says what it found."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.fixture
def check(tmp_path):
    def check(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "codebase_core", "plugins", "check", *words]
        environ = {"CODEBASE_CORE_HOME": str(tmp_path), "PATH": "", "OPENBLAS_NUM_THREADS": "1"}
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    return check


def test_what_holds_is_counted(check):
    done = check("static", "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["passed"]
    assert [(s["subject"], s["failed"], s["skipped"]) for s in found["suites"]] == [
        ("package static", 0, 0),
        ("embedder static", 0, 0),
    ]
    assert all(suite["passed"] > 10 for suite in found["suites"])


def test_what_many_tests_say_is_said_once(check):
    done = check("static", "--model", "nope")

    assert done.returncode == 1
    assert "embedder static  1       16" in done.stdout
    assert "more\nfailed on setup with" in done.stderr
    assert done.stderr.count("the static embedder has no model 'nope'") == 2  # while it is opened, and in a test
