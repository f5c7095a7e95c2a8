"""An answer is about the tree that the asker stands in, whichever worktree or clone of a repository that is."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from codebase_core_hookspecs import Source

from codebase_core.app import App, Choices
from codebase_core.config.settings import Settings
from codebase_core.operations import gone_checkouts

from .agents import call, indexed, offering, serving
from .rows import rows
from .worktrees import ASKERS, answers, command, committed, git, worktree

OWN = {"pool.py": "class FeaturePool:\n    def drain(self):\n        pass\n"}


@pytest.fixture
def feature(tree: Path, tmp_path: Path) -> Path:
    return worktree(committed(tree), tmp_path / "feature", files=OWN)


@pytest.mark.parametrize("asker", ASKERS)
async def test_the_first_question_in_a_worktree_is_answered_from_its_own_tree(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path, asker: str
) -> None:
    await app.index(tree)
    before = await app.status(tree)

    def offered(*folders: Path) -> dict[str, Any]:
        return {} if asker == "command" else {"list_roots_callback": offering(list(folders))}

    for folder in (feature, feature / "parser"):
        own, gone = await answers(
            environ, folder, ["FeaturePool", "ConnectionPool"], asker=asker, **offered(feature, tree)
        )

        assert own["hits"][0]["text"].startswith("class FeaturePool")
        assert own["freshness"]["state"] == "current"
        assert [each["root"] for each in own["index"]] == [str(feature)]
        assert {hit["state"] for hit in [*own["hits"], *gone["hits"]]} == {"current"}
        assert not any("ConnectionPool" in hit["text"] for hit in gone["hits"])
    (main,) = await answers(environ, tree, ["ConnectionPool"], asker=asker, **offered(tree, feature))
    assert "class ConnectionPool" in main["hits"][0]["text"]
    assert main["freshness"]["state"] == "current"
    after = await app.status(tree)
    assert (after.statistics.files, after.statistics.chunks) == (before.statistics.files, before.statistics.chunks)
    assert {p.name for p in await (await app.engine.registry()).list()} == {"example"}


async def test_a_clone_of_the_same_origin_is_answered_from_its_own_tree_alone(
    app: App, environ: Mapping[str, str], tree: Path, tmp_path: Path
) -> None:
    git(committed(tree), "remote", "add", "origin", "https://example.org/team/shop.git")
    await app.index(tree)
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    (hostile / "evil.py").write_text("def evil_pool():\n    return 'ConnectionPool'\n")
    git(hostile, "init", "-q")
    git(hostile, "remote", "add", "origin", "git@example.org:team/shop.git")

    queries = ["ConnectionPool", "evil_pool"]
    for answer in await answers(environ, hostile, queries, asker="stdio"):
        assert {hit["path"] for hit in answer["hits"]} == {"evil.py"}
    for answer in await answers(environ, tree, queries, asker="command"):
        assert "evil.py" not in {hit["path"] for hit in answer["hits"]}


async def test_without_a_look_at_the_tree_an_answer_from_another_checkout_says_so(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    code, out, err = await command(environ, feature, "search", "--no-refresh", "--json", "connection pool")
    assert code == 0, err
    answer = json.loads(out)
    assert {hit["state"] for hit in answer["hits"]} == {"elsewhere"}
    assert f"codebase-core index {feature}" in answer["note"]
    modest = {**environ, "CODEBASE_CORE_AUTO_INDEX": "false"}
    for asker in ASKERS:
        (answer,) = await answers(modest, feature, ["connection pool"], asker=asker)
        assert answer["freshness"]["state"] == "elsewhere"


@pytest.mark.parametrize("choices", [Choices(), Choices(project="example")])
async def test_indexing_a_worktree_changes_nothing_of_the_main_checkout(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path, choices: Choices
) -> None:
    await app.index(tree)
    before = await rows(app, (await app.resolve(tree)).require_project())

    report = await app.index(feature, choices=choices)
    assert (report.progress.indexed, report.progress.unchanged, report.created) == (1, 4, False)
    async with serving(environ, feature, mode="legacy") as client:
        job = await call(client, "index_repository", project="example")
        await indexed(client, job=job["job"])
    assert (await app.index(feature)).progress.unchanged == 6

    assert await rows(app, (await app.resolve(tree)).require_project()) == before
    assert "ConnectionPool" in (await app.search("connection pool", path=tree)).hits[0].text
    (state,) = (await app.status(feature)).statistics.repositories
    assert (state.root, state.commit, state.main) == (str(feature), git(feature, "rev-parse", "HEAD"), False)
    assert [each.root for each in (await app.status(tree)).statistics.repositories[0].checkouts] == [str(feature)]


async def test_a_branch_that_is_switched_to_and_back_embeds_nothing_anew(app: App, tree: Path, feature: Path) -> None:
    git(feature, "commit", "-qam", "own")
    await app.index(tree)
    await app.index(feature)
    before = await rows(app, (await app.resolve(tree)).require_project())
    git(feature, "checkout", "-q", "--detach")
    git(tree, "checkout", "-q", "feature")
    report = await app.index(tree)
    assert (report.progress.shared, report.progress.indexed) == (1, 0)
    assert (await app.search("FeaturePool", path=tree)).hits[0].text.startswith("class FeaturePool")
    assert (await app.search("FeaturePool", path=feature)).hits[0].text.startswith("class FeaturePool")
    git(tree, "checkout", "-q", "main")
    await app.index(tree)
    after = await rows(app, (await app.resolve(tree)).require_project())
    assert after["terms"] == before["terms"]
    assert after["manifest"] == before["manifest"]
    assert (await app.search("FeaturePool", path=feature)).hits[0].text.startswith("class FeaturePool")


async def test_a_worktree_is_current_after_edits_and_says_what_changed(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    await app.index(feature)
    (feature / "added.py").write_text("def newly_added():\n    pass\n")
    (feature / "config.yaml").unlink(missing_ok=True)
    status = await app.status_of(await app.resolve(feature), compare=True)
    assert status.freshness is not None
    assert (status.freshness.state, status.drifts["example"].new) == ("behind", 1)
    (answer,) = await answers(environ, feature, ["newly_added"], asker="command")
    assert answer["hits"][0]["path"] == "added.py"
    assert not any(hit.path == "added.py" for hit in (await app.search("newly_added", path=tree)).hits)


@pytest.mark.parametrize("asker", ASKERS)
async def test_two_worktrees_and_the_main_checkout_each_get_their_own_answers(
    *, app: App, environ: Mapping[str, str], tree: Path, feature: Path, tmp_path: Path, asker: str
) -> None:
    third = worktree(tree, tmp_path / "third", files={"third.py": "class ThirdPool:\n    pass\n"})
    await app.index(tree)
    queries = ["FeaturePool", "ThirdPool", "ConnectionPool"]
    for folder, own in ((third, "ThirdPool"), (feature, "FeaturePool"), (tree, "ConnectionPool"), (third, "ThirdPool")):
        found = dict(zip(queries, await answers(environ, folder, queries, asker=asker), strict=True))
        assert f"class {own}" in found[own]["hits"][0]["text"]
        assert {hit["state"] for answer in found.values() for hit in answer["hits"]} == {"current"}
    assert {p.name for p in await (await app.engine.registry()).list()} == {"example"}


async def test_worktrees_that_are_asked_about_for_the_first_time_at_once_are_all_answered(
    app: App, settings: Settings, tree: Path, feature: Path, tmp_path: Path
) -> None:
    await app.index(tree)
    folders = [feature, *(worktree(tree, tmp_path / f"wt{number}", files=OWN) for number in range(3))]

    async def ask(folder: Path) -> str:
        async with App(settings) as own:
            return (await own.search("FeaturePool", path=folder)).hits[0].text

    texts = await asyncio.gather(*map(ask, folders))
    assert all(text.startswith("class FeaturePool") for text in texts)


async def test_what_takes_long_in_a_new_worktree_goes_on_as_a_job(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    store = await app.open((await app.resolve(tree)).require_project())
    source = Source(name="mail", identity="mail", root="/mail", machine=app.machine)
    hasty = {**environ, "CODEBASE_CORE_CHECKOUT_BUDGET": "0.3"}
    async with serving(hasty, feature, mode="legacy") as client:
        async with store.writing(source, scope=()) as writer:  # somebody indexes for long
            answer = await call(client, "search_code", query="FeaturePool")
            assert (answer["hits"], answer["indexing"]["state"]) == ([], "running")
            assert answer["project"]["name"] == "example"
            code, _, err = await command(hasty, feature, "search", "FeaturePool")
            assert (code, "is being indexed for the first time" in err) == (1, True)
            await writer.finish(outcome="done", detail={})
        await indexed(client, job=answer["indexing"]["job"])
        answer = await call(client, "search_code", query="FeaturePool")
    assert answer["hits"][0]["text"].startswith("class FeaturePool")
    assert "indexing" not in answer


async def test_a_session_in_a_part_of_a_worktree_sees_that_part_until_more_is_asked_for(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    (feature / "parser" / "own.py").write_text("class OwnParser:\n    pass\n")
    await app.index(tree)
    patient = {**environ, "CODEBASE_CORE_REVALIDATE_BUDGET": "30"}
    for folder, seen in ((feature / "parser", {"OwnParser"}), (feature, {"OwnParser", "FeaturePool"})):
        async with serving(patient, folder, mode="legacy") as client:
            for name in ("OwnParser", "FeaturePool", "ConnectionPool"):
                answer = await call(client, "search_code", query=name)
                assert answer["freshness"]["state"] == "current"
                assert any(f"class {name}" in hit["text"] for hit in answer["hits"]) is (name in seen), (folder, name)
                assert {hit["state"] for hit in answer["hits"]} <= {"current"}


async def test_of_a_new_worktree_as_much_is_indexed_as_of_the_main_checkout(
    app: App, tree: Path, feature: Path
) -> None:
    await app.index(tree / "parser")
    assert all(hit.path.startswith("parser/") for hit in (await app.search("FeaturePool", path=feature)).hits)
    status = await app.status(feature)
    assert (dict(status.parts), status.statistics.repositories[0].root) == ({"example": ["parser"]}, str(feature))
    await app.index(feature)
    assert (await app.search("FeaturePool", path=feature)).hits[0].path == "pool.py"
    assert all(hit.path.startswith("parser/") for hit in (await app.search("ConnectionPool", path=tree)).hits)
    assert dict((await app.status(tree)).parts) == {"example": ["parser"]}


async def test_another_checkout_becomes_the_main_one_only_when_the_user_says_so(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    await app.index(feature)
    code, out, err = await command(environ, feature, "index", "--take-over", "--json")
    assert code == 0, err
    assert json.loads(out)["repository"] == "example"
    (state,) = (await app.status(feature)).statistics.repositories
    assert (state.root, state.main, state.checkouts) == (str(feature), True, ())
    answer = await app.search("ConnectionPool", path=tree)
    assert "class ConnectionPool" in answer.hits[0].text
    assert {hit.state for hit in answer.hits} == {"current"}
    assert (await app.search("FeaturePool", path=feature)).hits[0].text.startswith("class FeaturePool")


async def test_a_reindex_leaves_worktrees_to_be_looked_at_anew(app: App, tree: Path, feature: Path) -> None:
    await app.index(tree)
    await app.index(feature)
    await app.reindex(tree)
    assert (await app.search("FeaturePool", path=feature)).hits[0].text.startswith("class FeaturePool")
    assert "ConnectionPool" in (await app.search("ConnectionPool", path=tree)).hits[0].text


@pytest.mark.parametrize("asker", ASKERS)
async def test_a_nested_worktree_is_no_part_of_the_tree_around_it(
    app: App, environ: Mapping[str, str], tree: Path, asker: str
) -> None:
    nested = worktree(committed(tree), tree / ".claude" / "worktrees" / "f1", files=OWN)
    await app.index(tree)

    queries = ["FeaturePool drain", "connection pool"]
    outer = await answers(environ, tree, queries, asker=asker)
    answer, _ = await answers(environ, nested, queries, asker=asker)
    assert not any("worktrees" in hit["path"] for answer in outer for hit in answer["hits"])
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
    app: App, environ: Mapping[str, str], tree: Path, feature: Path, tmp_path: Path
) -> None:
    third = worktree(tree, tmp_path / "third", files=OWN)
    for each in (tree, feature, third):
        await app.index(each)
    code, _, err = await command(environ, tree, "projects", "prune", "--yes")
    assert (code, "no project has lost its folders" in err) == (0, True)

    git(tree, "worktree", "remove", "--force", str(feature))
    code, _, err = await command(environ, tree, "projects", "prune")
    assert (code, f"'example': {feature} gone" in err) == (1, True), "nobody said yes"
    code, out, err = await command(environ, tree, "projects", "prune", "--yes", "--json")
    (pruned,) = json.loads(out)
    assert (code, pruned["name"], pruned["gone"], pruned["purged"]) == (0, "example", [str(feature)], False), err
    (state,) = (await app.status(tree)).statistics.repositories
    assert [each.root for each in state.checkouts] == [str(third)]
    assert str(feature) not in {each.root for each in await (await app.engine.registry()).all_checkouts()}
    assert (await app.search("ConnectionPool", path=tree)).hits[0].state == "current"
    assert (await app.search("FeaturePool", path=third)).hits[0].text.startswith("class FeaturePool")


async def test_a_project_is_pruned_as_a_whole_when_all_its_folders_are_gone(
    app: App, environ: Mapping[str, str], tree: Path, feature: Path
) -> None:
    await app.index(tree)
    await app.index(feature)
    for folder in (tree, feature):
        shutil.rmtree(folder)
    code, out, err = await command(environ, tree.parent, "projects", "prune", "--yes", "--json")
    assert (code, [each["purged"] for each in json.loads(out)]) == (0, [True]), err
    assert await (await app.engine.registry()).list() == []


async def test_a_checkout_that_is_gone_for_days_is_dropped_by_the_next_index(
    app: App, tree: Path, feature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.index(tree)
    await app.index(feature)
    git(tree, "worktree", "remove", "--force", str(feature))
    await app.index(tree)
    assert (await app.status(tree)).statistics.repositories[0].checkouts, "it may be a disk that is not mounted"
    monkeypatch.setattr(gone_checkouts, "GONE_DAYS", 0)
    await app.index(tree)
    assert not (await app.status(tree)).statistics.repositories[0].checkouts


async def test_a_project_takes_its_checkouts_along_when_it_is_moved_or_restored(
    app: App, tree: Path, feature: Path, tmp_path: Path, store_name: str
) -> None:
    await app.index(tree)
    await app.index(feature)
    projects, project = await app.projects(), (await app.resolve(tree)).require_project()
    other = {"postgres-database": "postgres-schema", "postgres-schema": "postgres-database"}[store_name]
    moved = await projects.move(project, store=other, server=project.binding.server)
    await _goes_on(app, tree, feature, "moved")
    await projects.backup(moved, tmp_path / "backup")
    await projects.purge(moved)
    await projects.restore_from(tmp_path / "backup")
    await _goes_on(app, tree, feature, "restored")


async def _goes_on(app: App, tree: Path, feature: Path, word: str) -> None:
    """What was known is known, and what is new gets numbers of its own."""
    assert (await app.index(feature)).progress.unchanged >= 6
    assert (await app.search("FeaturePool", path=feature)).hits[0].text.startswith("class FeaturePool")
    for folder in (tree, feature):
        (folder / f"{word}.py").write_text(f"def {word}_in_{folder.name}():\n    pass\n")
        await app.index(folder)
    for folder in (tree, feature):
        assert [hit.text for hit in (await app.symbol(f"{word}_in_*", path=folder)).hits] == [
            f"def {word}_in_{folder.name}():\n    pass\n"
        ]
