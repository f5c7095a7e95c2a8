"""An answer is about the tree that the asker stands in, or says plainly that it is not and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from codebase_core.app import App, Choices
from codebase_core.errors import OtherCheckoutIndexed

from .agents import call, indexed, offering, said, serving
from .worktrees import ASKERS, answers, command, committed, git, worktree

pytestmark = pytest.mark.any_store

OWN = {"pool.py": "class FeaturePool:\n    def drain(self):\n        pass\n"}


@pytest.fixture
def feature(tree: Path, tmp_path: Path) -> Path:
    return worktree(committed(tree), tmp_path / "feature", files=OWN)


@pytest.mark.parametrize("asker", ASKERS)
async def test_an_answer_from_another_checkout_says_so(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path, asker: str
) -> None:
    await app.index(tree)
    offered = {} if asker == "command" else {"list_roots_callback": offering([feature, tree])}

    for folder in (feature, feature / "parser"):
        (answer,) = await answers(environ, folder, ["connection pool"], asker=asker, **offered)

        assert {hit["state"] for hit in answer["hits"]} == {"elsewhere"}
        assert str(tree) in answer["note"]
        assert f"codebase-core index {feature}" in answer["note"]
        assert answer["freshness"]["state"] == "elsewhere"


async def test_the_status_of_another_checkout_is_not_current(
    environ: Mapping[str, str], app: App, tree: Path, feature: Path
) -> None:
    await app.index(tree)
    async with serving(environ, feature, mode="legacy", list_roots_callback=offering([feature, tree])) as client:
        status = await client.call_tool("get_indexing_status", {})
        assert status.structured_content["freshness"]["state"] == "elsewhere"
        assert "call index_repository without project" in said(status)


async def test_a_worktree_is_not_written_into_the_project_of_another_checkout(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    before = await app.status(tree)

    with pytest.raises(OtherCheckoutIndexed) as caught:
        await app.index(feature, choices=Choices(project="example"))
    assert "--take-over" in str(caught.value.hint)
    async with serving(environ, feature, mode="legacy") as client:
        refused = await client.call_tool("index_repository", {"project": "example"})
        assert refused.is_error
        assert "next: call index_repository without project" in said(refused)

    assert (await app.status(tree)).statistics.repositories == before.statistics.repositories
    assert (await app.search("connection pool", path=tree)).hits[0].path == "pool.py"
    assert "ConnectionPool" in (await app.search("connection pool", path=tree)).hits[0].text


async def test_an_agent_in_a_worktree_gets_right_answers_by_the_step_that_it_is_told(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    async with serving(environ, feature, mode="legacy") as client:
        first = await client.call_tool("search_code", {"query": "FeaturePool"})
        assert "next: call index_repository without project" in said(first)
        job = await call(client, "index_repository")
        await indexed(client, job=job["job"])
        answer = await call(client, "search_code", query="FeaturePool")
        assert answer["hits"][0]["symbols"][0] == "FeaturePool"
        assert answer["freshness"] == {"state": "current"}
    assert (await app.search("ConnectionPool", path=tree)).hits[0].state == "current"
    assert {p.name for p in await (await app.engine.registry()).list()} == {"example", "feature"}


@pytest.mark.parametrize("asker", ASKERS)
async def test_two_projects_of_one_repository_leave_a_third_checkout_a_way(
    *, app: App, environ: Mapping[str, str], tree: Path, feature: Path, tmp_path: Path, asker: str
) -> None:
    await app.index(tree)
    await app.index(feature)
    third = worktree(tree, tmp_path / "third")

    (answer,) = await answers(environ, third, ["connection pool"], asker=asker)
    assert answer["freshness"]["state"] == "elsewhere"
    code, _, err = await command(environ, third, "index")
    assert code == 0, err
    (answer,) = await answers(environ, third, ["connection pool"], asker=asker)
    assert {hit["state"] for hit in answer["hits"]} == {"current"}


async def test_a_project_is_taken_over_by_a_checkout_only_when_the_user_says_so(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    code, _, err = await command(environ, feature, "index", "--project", "example")
    assert (code, "--take-over" in err) == (1, True)
    code, out, err = await command(environ, feature, "index", "--project", "example", "--take-over", "--json")
    assert code == 0, err
    assert json.loads(out)["repository"] == "example"

    answer = await app.search("FeaturePool", path=tree)
    assert {hit.state for hit in answer.hits} == {"elsewhere"}
    with pytest.raises(OtherCheckoutIndexed) as caught:
        await app.index(tree)
    assert "without --project" not in str(caught.value.hint)
    await app.index(tree, choices=Choices(take_over=True))
    assert {hit.state for hit in (await app.search("pool", path=tree)).hits} == {"current"}


@pytest.mark.parametrize("asker", ASKERS)
async def test_a_nested_worktree_is_no_part_of_the_tree_around_it(
    app: App, environ: Mapping[str, str], tree: Path, asker: str
) -> None:
    nested = worktree(committed(tree), tree / ".claude" / "worktrees" / "f1", files=OWN)
    await app.index(tree)

    queries = ["FeaturePool drain", "connection pool"]
    outer = await answers(environ, tree, queries, asker=asker)
    inner = await answers(environ, nested, queries, asker=asker)
    assert not any("worktrees" in hit["path"] for answer in outer for hit in answer["hits"])
    assert all(answer["freshness"]["state"] == "elsewhere" for answer in inner)
    await app.index(nested)
    answer, _ = await answers(environ, nested, queries, asker=asker)
    assert answer["hits"][0]["symbols"]
    assert answer["hits"][0]["path"] == "pool.py"
    assert answer["hits"][0]["text"].startswith("class FeaturePool")


async def test_a_foreign_repository_inside_a_tree_is_indexed_for_itself(
    environ: Mapping[str, str], app: App, tree: Path
) -> None:
    foreign = committed(tree) / "vendor" / "foreign"
    foreign.mkdir(parents=True)
    (foreign / "lib.py").write_text("def foreign_function():\n    pass\n")
    git(foreign, "init", "-q")
    await app.index(tree)
    assert (await app.status(tree)).statistics.files == 5
    async with serving(environ, foreign, mode="legacy") as client:
        await call(client, "search_code", query="foreign_function")
        await indexed(client)
        answer = await call(client, "search_code", query="foreign_function")
    assert (answer["project"]["name"], answer["hits"][0]["path"]) == ("foreign", "lib.py")


async def test_a_removed_worktree_is_pruned_and_nothing_else(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    await app.index(feature)
    code, _, err = await command(environ, tree, "projects", "prune", "--yes")
    assert (code, "no project has lost its folders" in err) == (0, True)

    git(tree, "worktree", "remove", "--force", str(feature))
    code, _, err = await command(environ, tree, "projects", "prune")
    assert (code, f"'feature': {feature} gone" in err) == (1, True), "nobody said yes"
    code, out, err = await command(environ, tree, "projects", "prune", "--yes", "--json")
    assert (code, [each["name"] for each in json.loads(out)]) == (0, ["feature"]), err
    assert [project.name for project in await (await app.engine.registry()).list()] == ["example"]
    assert (await app.search("pool", path=tree)).hits
