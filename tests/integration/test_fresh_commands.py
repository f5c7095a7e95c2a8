"""The command line is as fresh as the agents' server: it looks at the tree before it answers, and says what it saw."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from codebase_core.app import App
from codebase_core.indexing.remembered_tree import RememberedTree, fingerprint

from .worktrees import answers, command, committed, git

pytestmark = pytest.mark.any_store


async def asked(environ: Mapping[str, str], folder: Path, *words: str) -> tuple[dict, str]:
    code, out, err = await command(environ, folder, *words)
    assert code == 0, err
    return (json.loads(out) if "--json" in words else {}), err


async def test_what_little_changed_is_indexed_before_an_answer(
    app: App, environ: Mapping[str, str], tree: Path
) -> None:
    await app.index(committed(tree))
    (tree / "added.py").write_text("def brand_new_function():\n    pass\n")
    (tree / "pool.py").write_text("class OtherPool:\n    def drain(self):\n        pass\n")
    (tree / "parser" / "tree.py").unlink()

    found, _ = await asked(environ, tree, "search", "--json", "brand_new_function")
    assert (found["hits"][0]["path"], found["freshness"]) == ("added.py", {"state": "current"})
    found, _ = await asked(environ, tree, "outline", "--json", "pool.py")
    assert [each["name"] for each in found["symbols"]] == ["OtherPool", "drain"]
    (tree / "pool.py").write_text("class ThirdPool:\n    pass\n")
    found, _ = await asked(environ, tree, "related", "--json", "pool.py:1")
    assert found["freshness"] == {"state": "current"}
    found, _ = await asked(environ, tree, "search", "--json", "--symbol", "ThirdPool")
    assert [hit["path"] for hit in found["hits"]] == ["pool.py"]
    assert "SyntaxTree" not in (await command(environ, tree, "search", "SyntaxTree walk"))[1]


async def test_a_branch_switch_that_is_large_is_said_with_both_commits(
    app: App, environ: Mapping[str, str], tree: Path
) -> None:
    await app.index(committed(tree))
    first = git(tree, "rev-parse", "HEAD")
    git(tree, "checkout", "-q", "-b", "large")
    for number in range(60):
        (tree / f"m{number}.py").write_text(f"def f{number}():\n    pass\n")
    (tree / "pool.py").unlink()
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "large")
    head = git(tree, "rev-parse", "HEAD")
    said = f"behind by 61 files at commit {first[:10]} (HEAD is {head[:10]})"

    found, err = await asked(environ, tree, "search", "--json", "f17")
    assert found["freshness"] == {"state": "behind", "reason": said}
    _, err = await asked(environ, tree, "search", "f17")
    assert f"index: {said}" in err
    found, _ = await asked(environ, tree, "status", "--json")
    drift = {"commit": first, "head": head, "changed": 0, "new": 60, "deleted": 1}
    assert found["repositories"][0]["drift"] == drift
    _, out, _ = await command(environ, tree, "status")
    assert f"{said}: 60 new, 1 deleted" in out
    await asked(environ, tree, "index")
    found, _ = await asked(environ, tree, "status", "--json")
    assert (found["freshness"], found["repositories"][0]["drift"]["new"]) == ({"state": "current"}, 0)


async def test_status_tells_what_changed_and_indexes_nothing(app: App, environ: Mapping[str, str], tree: Path) -> None:
    await app.index(committed(tree))
    (tree / "pool.py").write_text("x = 1\n")

    for _ in range(2):
        found, _ = await asked(environ, tree, "status", "--json")
        assert found["freshness"]["state"] == "behind"
        assert found["repositories"][0]["drift"]["changed"] == 1


async def test_a_script_may_ask_the_index_as_it_is(app: App, environ: Mapping[str, str], tree: Path) -> None:
    await app.index(tree)
    (tree / "added.py").write_text("def brand_new_function():\n    pass\n")

    found, _ = await asked(environ, tree, "search", "--json", "--no-refresh", "brand_new_function")
    assert "freshness" not in found
    assert all(hit["path"] != "added.py" for hit in found["hits"])
    found, _ = await asked(environ, tree, "status", "--json", "--no-refresh")
    assert found["repositories"][0]["drift"] is None


async def test_a_tree_that_takes_too_long_is_said_to_be_not_compared(
    app: App, environ: Mapping[str, str], tree: Path
) -> None:
    await app.index(tree)
    found, _ = await asked({**environ, "CODEBASE_CORE_REFRESH_BUDGET": "0"}, tree, "search", "--json", "pool")
    assert found["freshness"]["state"] == "unknown"
    assert "refresh_budget" in found["freshness"]["reason"]
    assert found["hits"]


async def test_an_index_of_a_part_says_so_to_whoever_asks_from_elsewhere(
    app: App, environ: Mapping[str, str], tree: Path
) -> None:
    await app.index(tree / "parser")
    (inside,) = await answers(environ, tree / "parser", ["tokenize"], asker="command")
    assert inside["freshness"] == {"state": "current"}
    for folder in (tree, tree / "web"):
        _, err = await asked(environ, folder, "search", "server")
        assert f"only parser of {tree} is indexed; codebase-core index {tree} adds the rest" in err


@pytest.fixture
def remembered(tmp_path: Path, tree: Path) -> RememberedTree:
    return RememberedTree(home=tmp_path / "home", root=tree, scope="", key="k")


FOLDERS = ["", "parser/", "web/"]
FUTURE = 10**19


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: (tree / "new.py").write_text(""),
        lambda tree: (tree / "parser" / "new.py").write_text(""),
        lambda tree: (tree / "pool.py").unlink(),
        lambda tree: (tree / "pool.py").rename(tree / "lake.py"),
        lambda tree: (tree / "web" / "inner").mkdir(),
        lambda tree: (tree / "pool.py").write_text((tree / "pool.py").read_text().upper()),
        lambda tree: os.utime(tree / "pool.py"),
        lambda tree: (tree / "web").rename(tree / "net"),
    ],
)
def test_whatever_changes_in_a_tree_is_noticed(remembered: RememberedTree, tree: Path, change) -> None:
    assert not remembered.is_unchanged()
    remembered.keep(FOLDERS, since_ns=FUTURE)
    assert remembered.is_unchanged()
    change(tree)
    assert not remembered.is_unchanged()


def test_what_git_tracks_and_ignores_elsewhere_is_noticed(
    remembered: RememberedTree, tree: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "user").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    committed(tree)
    (tree / ".git" / "info").mkdir(exist_ok=True)
    for change in (
        lambda: git(tree, "rm", "-q", "--cached", "pool.py"),
        lambda: (tree / ".git" / "info" / "exclude").write_text("*.md\n"),
        lambda: (tmp_path / "user" / ".gitconfig").write_text("[core]\n\texcludesFile = ~/ignored\n"),
        lambda: (tmp_path / "user" / "ignored").write_text("*.js\n"),
    ):
        remembered.keep(FOLDERS, since_ns=FUTURE)
        assert remembered.is_unchanged()
        change()
        assert not remembered.is_unchanged()


def test_a_tree_that_has_just_changed_is_not_remembered(remembered: RememberedTree, tree: Path) -> None:
    found = fingerprint(tree, FOLDERS)
    assert found is not None
    remembered.keep(FOLDERS, since_ns=found.newest_ns + 1_000_000_000)
    assert not remembered.is_unchanged()
    remembered.keep([*FOLDERS, "gone/"], since_ns=FUTURE)
    assert not remembered.is_unchanged()


def test_a_tree_is_remembered_for_one_state_of_its_index_and_a_damaged_memory_is_none(
    remembered: RememberedTree, tree: Path, tmp_path: Path
) -> None:
    remembered.keep(FOLDERS, since_ns=FUTURE)
    other = RememberedTree(home=remembered.home, root=tree, scope="", key="other")
    assert not other.is_unchanged()
    (file,) = (tmp_path / "home" / "trees").iterdir()
    for text in (
        "",
        "{",
        "[]",
        '{"key": "k"}',
        '{"key": "k", "beside": 1}',
        '{"key": "k", "beside": {}, "folders": 1}',
    ):
        file.write_text(text)
        assert not remembered.is_unchanged()
