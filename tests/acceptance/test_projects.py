"""The life of projects, as a user drives it from the command line."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from .conftest import User


@pytest.fixture(params=["postgres", "json"])
def user(request: pytest.FixtureRequest, user: User, tmp_path: Path) -> User:
    extra = {"CODEBASE_CORE_REGISTRY": request.param, "CODEBASE_CORE_JSON_FILE": str(tmp_path / "registry.jsonl")}
    return User(home=user.home, cwd=user.cwd, extra=extra)


def names(user: User, *options: str) -> list[str]:
    return [project["name"] for project in user.run("projects", "list", "--json", *options).json]


def test_a_project_lives_is_changed_hidden_brought_back_and_dropped(user: User) -> None:
    one, two = f"one {user.extra['CODEBASE_CORE_REGISTRY']}", f"two {user.extra['CODEBASE_CORE_REGISTRY']}"
    made = user.run("projects", "create", one, "--description", "The shop", "--tag", "a", "--set", "n=5", "--json").json
    assert (made["description"], made["tags"], made["metadata"]) == ("The shop", ["a"], {"n": 5})
    assert user.run("projects", "tag", one, "--add", "b", "--remove", "a").out == f"{one}: b\n"
    assert user.run("projects", "describe", one, "", "--set", "team=x", "--unset", "n").code == 0
    assert user.run("projects", "rename", one, two).code == 0
    assert user.run("search", "--project", one, "pool").code == 1
    assert user.run("index", "--project", two).code == 0
    assert user.run("search", "--project", two, "connections pooled").out
    shown = user.run("projects", "show", two, "--json").json
    assert (shown["name"], shown["tags"], shown["description"], shown["metadata"]) == (two, ["b"], None, {"team": "x"})
    assert [each["root"] for each in shown["checkouts"]] == [str(user.cwd)]
    assert names(user, "--tag", "b", "--text", "TWO") == [two]
    changed = [each["action"] for each in user.run("projects", "history", two, "--json").json]
    assert changed == ["create", "provision", "tag", "describe", "rename", "attach"]
    totals = user.run("projects", "stats", "--json").json
    (mine,) = [each for each in totals["projects"] if each["name"] == two]
    assert (mine["files"], mine["stale"]) == (3, None)
    assert mine["bytes_stored"] > mine["bytes"] > 0

    assert user.run("projects", "use", two).out == f"{two}\n"
    gone = user.run("projects", "delete", two, "--yes")
    assert "was the project in use" in gone.err
    assert user.run("projects", "use").err == "no project is in use\n"
    assert two not in names(user)
    assert two in names(user, "--deleted")
    assert user.run("search", "pool").code == 1, "its folder was given free"
    assert user.run("projects", "restore", two).code == 0
    assert user.run("search", "--project", two, "connections pooled").out
    assert user.run("projects", "purge", two, "--yes").code == 0
    assert two not in names(user) + names(user, "--deleted")
    UUID(made["id"])
    assert user.run("projects", "history", made["id"], "--json").json[-1]["action"] == "purge"


def test_restoring_onto_a_taken_name_is_an_error(user: User) -> None:
    name = f"taken {user.extra['CODEBASE_CORE_REGISTRY']}"
    for _ in range(2):
        assert user.run("projects", "create", name).code == 0
        assert user.run("projects", "delete", name, "--yes").code == 0
    done = user.run("projects", "restore", name)
    assert (done.code, "several deleted projects" in done.err) == (1, True)
    ids = [each["id"] for each in user.run("projects", "list", "--deleted", "--text", name, "--json").json]
    assert user.run("projects", "restore", ids[0]).code == 0
    done = user.run("projects", "restore", ids[1])
    assert (done.code, "exists already" in done.err) == (1, True)
    assert user.run("projects", "purge", *ids, "--yes").code == 0


def test_a_name_that_is_deleted_or_misspelt_is_told_from_one_that_never_was(user: User) -> None:
    name = f"spelling-{user.extra['CODEBASE_CORE_REGISTRY']}"
    made = user.run("projects", "create", name, "--json").json
    assert f"did you mean {name!r}?" in user.run("projects", "show", name.replace("ll", "l")).err
    user.run("projects", "delete", name, "--yes")
    assert "is deleted" in user.run("search", "--project", name, "pool").err
    for command in ("show", "history", "purge"):
        done = user.run("projects", command, name)
        assert (done.code, "is deleted" in done.err, made["id"] in done.err) == (1, True, True)
        assert user.run("projects", command, made["id"], *(["--yes"] if command == "purge" else [])).code == 0
    assert "does not exist" in user.run("projects", "show", name).err
    assert "no project matches these filters" in user.run("projects", "list", "--text", name).err


def test_what_is_shown_is_for_people(user: User) -> None:
    name = f"readable-{user.extra['CODEBASE_CORE_REGISTRY']}"
    user.run("projects", "create", name, "--tag", "b", "--tag", "a", "--set", "n=[1, 2]")
    user.run("projects", "describe", name, "two\nlines")
    shown = user.run("projects", "show", name).out
    assert "tags: a, b\nmetadata: n=[1, 2]\n" in shown
    assert "None" not in shown
    assert 'description - → "two\\nlines"' in shown
    last = user.run("projects", "history", "--limit", "1").out.splitlines()[-1]
    assert (last.startswith(f"{name}  "), "describe" in last) == (True, True)
    assert user.run("projects", "history", name, "--json").json[0]["name"] == name
    user.run("projects", "describe", name, "x" * 5_000)
    assert max(map(len, user.run("projects", "history", name).out.splitlines())) < 500
    assert user.run("projects", "stats", "--days", "nan").code == 2
    user.run("projects", "purge", name, "--yes")


def test_the_shell_completes_names(user: User) -> None:
    name = f"complete-{user.extra['CODEBASE_CORE_REGISTRY']}"
    user.run("projects", "create", name)
    shell = {
        "_CODEBASE_CORE_COMPLETE": "bash_complete",
        "COMP_WORDS": "codebase-core projects show COMP",
        "COMP_CWORD": "3",
    }
    done = User(home=user.home, cwd=user.cwd, extra={**user.extra, **shell}).run()
    assert f"plain,{name}" in done.out.splitlines()
    user.run("projects", "purge", name, "--yes")


def test_which_project_is_explained_tier_by_tier(user: User) -> None:
    (user.cwd / ".codebase-mcp").mkdir()
    (user.cwd / ".codebase-mcp" / "config.json").write_text('{"project": {"name": "nobody-has-this"}}')
    done = user.run("projects", "which", "--explain", "--json")
    assert done.code == 1
    tiers = {each["tier"]: (each["outcome"], each["detail"]) for each in done.json["tiers"]}
    assert list(tiers) == ["explicit", "config", "checkout", "workflow-mcp", "default", "active"]
    assert "nobody-has-this, which does not exist" in tiers["config"][1]
    assert "'nobody-has-this' does not exist" in done.err


def test_a_project_is_backed_up_restored_and_moved(user: User, tmp_path: Path) -> None:
    name = f"kept-{user.extra['CODEBASE_CORE_REGISTRY']}"
    assert user.run("index", "--project", name).code == 0
    found = user.run("search", "--project", name, "connections pooled").out
    file = str(tmp_path / "kept.backup")
    assert user.run("projects", "backup", name, file, "--json").json["bytes"] > 10_000
    kept = Path(file).read_bytes()
    again = user.run("projects", "backup", name, file)
    assert (again.code, "is there already" in again.err, Path(file).read_bytes() == kept) == (1, True, True)
    assert user.run("projects", "backup", name, file, "--force").code == 0
    refused = user.run("projects", "restore", "--from", file)
    assert (refused.code, "of which this is a backup, is there" in refused.err) == (1, True)
    assert user.run("projects", "purge", name, "--yes").code == 0
    assert user.run("projects", "restore", "--from", file).code == 0
    assert user.run("search", "--project", name, "connections pooled").out == found
    moved = user.run("projects", "move", name, "--store", "postgres-schema", "--json").json
    assert moved["store"] == "postgres-schema"
    assert user.run("search", "--project", name, "connections pooled").out == found
    assert user.run("projects", "purge", name, "--yes").code == 0


def test_a_no_leaves_an_orphan_alone(user: User, tmp_path: Path) -> None:
    name = f"orphan of {user.extra['CODEBASE_CORE_REGISTRY']}"
    place = user.run("projects", "create", name, "--json").json["location"]["database"]
    other = {"CODEBASE_CORE_REGISTRY": "json", "CODEBASE_CORE_JSON_FILE": str(tmp_path / "other.jsonl")}
    done = User(home=user.home, cwd=user.cwd, extra=other).run("projects", "repair", "--drop-orphans", stdin="n\n" * 99)
    assert (done.code, f"left alone: database {place!r}" in done.out) == (1, True)
    assert place not in user.run("projects", "verify").out
    assert user.run("projects", "purge", name, "--yes").code == 0
