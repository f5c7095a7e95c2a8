"""A store of somebody else: everything works on it, and no PostgreSQL is started."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from .conftest import ROOT, Command


@pytest.fixture
def sqlite(command: Command) -> Command:
    return partial(command, CODEBASE_CORE_STORE="sqlite", CODEBASE_CORE_REGISTRY="json")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "pool.py").write_text(
        "class ConnectionPool:\n    '''Connections are pooled here.'''\n\n    def acquire(self): ...\n"
    )
    (folder / "tree.py").write_text("def walk(tree):\n    yield from tree.children\n")
    return folder


def test_index_search_and_projects_without_a_server(sqlite: Command, tree: Path) -> None:
    assert json.loads(sqlite("codebase-core", "index", tree, "--json").stdout)["files"]["indexed"] == 2
    answer = json.loads(sqlite("codebase-core", "search", "-C", tree, "--json", "where are connections pooled").stdout)
    assert answer["hits"][0]["path"] == "pool.py"
    named = json.loads(sqlite("codebase-core", "search", "-C", tree, "--json", "--symbol", "acquire").stdout)
    assert [hit["path"] for hit in named["hits"]] == ["pool.py"]
    (tree / "tree.py").unlink()
    assert json.loads(sqlite("codebase-core", "index", tree, "--json").stdout)["files"]["removed"] == 1
    (listed,) = json.loads(sqlite("codebase-core", "projects", "list", "--json").stdout)
    assert (listed["name"], listed["store"], listed["server"]) == ("shop", "sqlite", "")
    for words in (
        ["projects", "verify"],
        ["projects", "stats"],
        ["status", tree],
        ["doctor"],
        ["outline", "-C", tree, "pool.py"],
    ):
        sqlite("codebase-core", *words)
    server = json.loads(sqlite("codebase-core", "server", "status", "--json").stdout)
    assert not server["running"]
    assert not Path(server["data_dir"]).exists()


def test_a_project_lives_and_dies(sqlite: Command, tree: Path, tmp_path: Path) -> None:
    sqlite("codebase-core", "index", tree)
    sqlite("codebase-core", "projects", "backup", "shop", tmp_path / "backup")
    sqlite("codebase-core", "projects", "delete", "shop", "--yes")
    (gone,) = json.loads(sqlite("codebase-core", "projects", "list", "--deleted", "--json").stdout)
    sqlite("codebase-core", "projects", "purge", gone["id"], "--yes")
    assert list((tmp_path / "home" / "sqlite").iterdir()) == []
    sqlite("codebase-core", "projects", "restore", "--from", tmp_path / "backup")
    answer = sqlite("codebase-core", "search", "--project", "shop", "--json", "where are connections pooled")
    assert json.loads(answer.stdout)["hits"][0]["path"] == "pool.py"
    refused = sqlite("codebase-core", "projects", "move", "shop", "--store", "postgres-schema", ok=False)
    assert (refused.returncode, "does not support 'move'" in refused.stderr) == (1, True)


def test_a_crash_while_it_is_indexed_is_mended_by_the_next_run(sqlite: Command, tree: Path) -> None:
    (tree / "many").mkdir()
    for number in range(300):
        (tree / "many" / f"f{number}.py").write_text(f"def function_{number}():\n    return {number}\n" * 20)
    program = (
        "import os, signal, threading; threading.Timer(0.9, lambda: os.kill(os.getpid(), signal.SIGKILL)).start(); "
    )
    program += f"from codebase_core.cli.app import main; main(['index', {str(tree)!r}])"
    sqlite("python", "-c", program, ok=False)
    sqlite("codebase-core", "index", tree)
    status = json.loads(sqlite("codebase-core", "status", tree, "--json").stdout)
    assert status["files"] == 302


def test_its_own_tests_pass(command: Command, tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "plugins" / "example", tmp_path / "example", ignore=shutil.ignore_patterns("codebase_core_sqlite")
    )
    command("python", "-m", "pytest", "-q", tmp_path / "example")


def test_the_installed_plugin_passes_the_kit(command: Command) -> None:
    checked = json.loads(command("codebase-core", "plugins", "check", "sqlite", "--json").stdout)
    assert [suite["failed"] for suite in checked["suites"]] == [0, 0]
    results = {each["name"]: each["result"] for each in checked["capabilities"]}
    assert results == {
        **dict.fromkeys(("dense", "lexical", "symbols", "shared", "backup"), "passed"),
        **dict.fromkeys(("generations", "move", "checkouts"), "not declared"),
    }
