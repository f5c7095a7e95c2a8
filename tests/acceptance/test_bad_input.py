"""Bad input, as a new user would give it: one error, one hint, nothing lost, no password, no traceback."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import COMMAND, Done, User

PASSWORD = "s3cr3t-Pa55"


def refused(done: Done, *words: str) -> None:
    """Check that a command failed as every command must."""
    assert (done.code, done.out) == (1, ""), done
    lines = done.err.splitlines()
    assert [line.partition(":")[0] for line in lines] in (["error"], ["error", "hint"]), done.err
    assert "Traceback" not in done.err
    assert "unexpected" not in done.err
    for word in words:
        assert word in done.err
    for secret in (PASSWORD, "wr0ng"):
        assert secret not in done.err


def test_no_such_folder(user: User) -> None:
    refused(user.run("index", "nowhere"), "nowhere does not exist", "hint: name a folder")
    refused(user.run("search", "-C", "nowhere", "pool"), "nowhere does not exist")
    refused(user.run("status", "nowhere"), "nowhere does not exist")


def test_places_that_are_no_source(user: User) -> None:
    refused(user.run("index", os.devnull), "is neither a folder nor a file", "hint: name a folder")
    refused(user.run("index", "/"), "/ is the whole file system", "hint: name a folder")
    refused(user.run("index", "/etc/hosts"), "/etc/hosts is a file of no repository", "hint: name its folder: /etc")
    refused(user.run("watch", "nowhere"), "nowhere does not exist")  # and no greeting before it


def test_nothing_that_can_be_indexed(user: User, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(user.run("index", str(empty)), "holds no file that could be indexed", "hint: ")
    refused(user.run("search", "-C", str(empty), "pool"), "no project is known")
    (empty / "picture.py").write_bytes(b"\0" * 3_000)
    refused(user.run("index", str(empty)), "no file that could be indexed (left out: 1 binary)", "hint: ")
    refused(user.run("search", "-C", str(empty), "pool"), "no project is known")


def test_with_json_an_error_is_an_object(user: User) -> None:
    failed = user.run("search", "--json", "--project", "nobody", "pool")
    assert (failed.code, failed.out) == (1, "")
    said = json.loads(failed.err)
    assert said["error"] == "project 'nobody' does not exist"
    assert said["hint"].startswith("codebase-core projects list")
    assert said["kind"] == "ProjectNotFound"
    usage = user.run("search", "--json", "--limit", "many", "pool")
    assert usage.code == 2
    assert json.loads(usage.err)["hint"] == "codebase-core search --help"
    words = user.run("search", "--project", "nobody", "--", "--json")
    assert words.err.startswith("error: project 'nobody' does not exist\nhint: ")


@pytest.mark.parametrize(
    "name",
    ["", " ", " x", "x ", "a/b", "../x", "x" * 256, "ü", "a;b", "a'b", 'a"b', "a\nb", "a.b", "%s", "\x1b[31mred"],
)
def test_an_illegal_name(user: User, name: str) -> None:
    done = user.run("index", "--project", name)
    refused(done, "is not a valid project name", "hint: use letters, digits")
    assert "\x1b" not in done.err
    refused(user.run("search", "--project", name, "pool"), "is not a valid project name")


def test_unknown_names_list_the_known_ones(user: User) -> None:
    refused(user.run("index", "--store", "postgres-databse"), "did you mean 'postgres-database'", "postgres-schema")
    refused(user.run("index", "--server", "team"), "no server is called 'team'", "embedded")
    refused(user.run("index", "--embedder", "statik"), "'statik'", "did you mean 'static'")
    refused(user.run("index", "--embedder", "static:huge"), "huge")
    refused(user.run("search", "--project", "nobodys", "pool"), "does not exist")
    refused(user.run("projects", "show", "nobody"), "'nobody'")
    assert not (user.cwd / ".codebase-mcp").exists()


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://me:{PASSWORD}@127.0.0.1/code",
        f"postgresql://me:{PASSWORD}@127.0.0.1:port/code",
        f"postgresql://me:{PASSWORD}@127.0.0.1:1/code",
        f"postgresql://me:{PASSWORD}@no-such-host.invalid/code",
        f"me:{PASSWORD}@127.0.0.1",
        f"postgresql://me:{PASSWORD}@/code?host=/nowhere",
    ],
)
@pytest.mark.parametrize("command", ["index", "status", "doctor"])
def test_a_wrong_url(user: User, url: str, command: str, tmp_path: Path) -> None:
    wrong = dataclasses.replace(user, home=tmp_path / "home", extra={"REGISTRY_DATABASE_URL": url})
    if command == "doctor":
        for options in ([], ["--json"], ["--sql"]):
            done = wrong.run("doctor", *options)
            assert PASSWORD not in done.out + done.err
            assert "Traceback" not in done.err
        assert PASSWORD not in wrong.run("config", "show").out
        assert PASSWORD not in wrong.run("--verbose", "projects", "list").err
        assert PASSWORD not in wrong.run("--debug", "projects", "list").err
    else:
        refused(wrong.run(command), "hint: ")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("server = ", "config.toml"),
        ("servr = 'x'", "did you mean 'server'"),
        ("max_file_bytes = 'many'", "max_file_bytes must be a whole number"),
        ("store = 5", "store must be a text"),
        ("[servers]\nteam = 'x'", "[servers.team]"),
        (f"[servers.team]\nurl = 'postgresql://me:{PASSWORD}@h/d'\npolling = 'x'", "polling"),
        ("\udcff", "config.toml"),
    ],
)
def test_a_settings_file_that_is_broken(user: User, tmp_path: Path, text: str, word: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text(text, errors="surrogateescape")
    refused(dataclasses.replace(user, home=home).run("index"), word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "config.json"),
        ("[]", "it should be an object"),
        ('{"version": "1.0", "database_name": "prod"}', "a repository may not set 'database_name'"),
        ('{"project": {"name": "x", "database_name": "prod"}}', "a repository may not set 'database_name'"),
        ('{"project": {"name": 5}}', "project.name is 5: it should be a valid string"),
        ('{"project": {"name": "a/b"}}', "is not a valid project name"),
        ('{"project": {"id": "x"}}', "it should be a valid UUID"),
        ('{"exclude": "x"}', "it should be a valid array"),
        ("\udcff", "config.json"),
        ("[" * 50_000, "config.json"),
    ],
)
def test_a_repositorys_file_that_is_broken_or_says_too_much(user: User, text: str, word: str) -> None:
    (user.cwd / ".codebase-mcp").mkdir()
    (user.cwd / ".codebase-mcp" / "config.json").write_text(text, errors="surrogateescape")
    refused(user.run("index"), word, "hint: ")


def test_a_plugins_setting_that_does_not_exist(user: User, tmp_path: Path) -> None:
    file = tmp_path / "misspelt.toml"
    file.write_text("[plugins.postgres]\npool_max_sise = 5\n[plugins.nobody]\nx = 1\n")
    misspelt = dataclasses.replace(user, extra={"CODEBASE_CORE_CONFIG": str(file)})
    refused(misspelt.run("search", "pool"), "unknown setting 'pool_max_sise' in [plugins.postgres]", "pool_max_size")
    done = misspelt.run("doctor")
    assert done.code == 1
    assert "unknown setting 'pool_max_sise' in [plugins.postgres]" in done.out
    assert "no plugin reads [plugins.nobody]" in done.out


def test_a_reader_that_has_enough(user: User) -> None:
    user.run("index")
    for line in (
        f"{COMMAND} search --full pool",
        f"{COMMAND} search --json pool",
        f"yes pool | head -200 | {COMMAND} search -",
    ):
        done = subprocess.run(
            ["bash", "-c", f"{line} | head -c 1 >/dev/null; exit ${{PIPESTATUS[-2]}}"],
            env=user.environ,
            cwd=user.cwd,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "rror" not in done.stderr
        assert "Exception" not in done.stderr


MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([done.returncode, done.stdout, done.stderr, peak // (1 if sys.platform != "darwin" else 1024)]))
"""


def test_a_file_of_one_long_line_neither_hangs_nor_fills_memory(user: User) -> None:
    (user.cwd / "line.js").write_text("let x=1;" * (50_000_000 // 8))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, COMMAND, "index", "--json"],
        env=user.environ,
        cwd=user.cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    code, out, err, kilobytes = json.loads(done.stdout)
    assert code == 0, err
    assert json.loads(out)["files"]["indexed"] == 3
    assert "line.js\ttoo large" in user.run("status", "--skipped").out
    assert kilobytes < 500_000
    assert user.run("search", "pool").out.startswith("1. pool.py")


def test_a_closed_output_is_no_fault_of_a_command(user: User) -> None:
    done = user.run("projects", "list", prefix=("sh", "-c", 'exec "$@" >&-', "sh"))
    assert (done.code, done.out) == (0, ""), done.err


@pytest.mark.parametrize("answer", ["n\n", ""], ids=["no", "nobody there"])
def test_what_a_plugin_asks_is_not_done_unless_somebody_says_yes(user: User, answer: str) -> None:
    user.run("server", "start")
    done = user.run("server", "remove", stdin=answer)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("nothing was done; --yes goes on without asking\n")
    assert user.run("server", "status", "--json").json["running"]


def test_a_name_in_a_tree_does_not_steer_the_terminal(user: User) -> None:
    title = "\x1b]0;owned\x07"
    root = user.cwd.parent / f"shop{title}"
    root.mkdir()
    (root / f"pool{title}.py").write_text("class ConnectionPool:\n    pass\n")
    (root / f"pool{title}.png").write_bytes(b"\0")
    project = user.run("index", str(root)).out.partition("'")[2].partition("'")[0]
    place = ["-C", str(root), "--project", project]
    said = [
        user.run("search", "ConnectionPool", *place),
        user.run("search", "ConnectionPool", *place, "--format", "markdown"),
        user.run("search", "ConnectionPool", *place, "--format", "path:line"),
        user.run("outline", f"pool{title}.py", *place),
        user.run("outline", f"none{title}.py", *place),
        user.run("status", str(root)),
        user.run("status", str(root), "--skipped"),
        user.run("index", str(root)),
        user.run("projects", "which", str(root), "--explain"),
        user.run("projects", "show", project),
    ]
    assert "pool�]0;owned�.py" in said[0].out
    for each in said:
        assert "owned" in each.out + each.err, each
        assert not {"\x1b", "\x07"} & set(each.out + each.err), each
