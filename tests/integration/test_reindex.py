"""Another embedder for a project that exists: the old index answers until the new one does, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from codebase_core_hookspecs import RelatedRequest, SearchRequest

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import EmbedderMismatch, EmbedderUnavailable, RepositoryNotHere
from codebase_core.operations.reindex import abandon
from codebase_core.projects.machine import machine_id

from .rows import rows

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer

KILLS = 60 if os.environ.get("CODEBASE_CORE_SOAK") else 3
SOURCES = Path(__file__).parents[2] / "codebase_core"
QUERIES = [
    "where are connections pooled",
    "tokenize a query into words",
    "EmbedderMismatch",
    "remove files that are gone",
]


@pytest.fixture
def plugged(environ: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The embedder ``sliced`` as a distribution, for this process and for those that tests start."""
    site = tmp_path / "site"
    info = site / "sliced-1.0.dist-info"
    info.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("sliced.py"), site)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sliced\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[codebase_core]\nsliced = sliced\n")
    monkeypatch.syspath_prepend(str(site))
    return {**environ, "PYTHONPATH": str(site)}


@pytest.fixture
async def app(plugged: Mapping[str, str]) -> AsyncIterator[App]:
    async with App(load_settings(environ=plugged)) as opened:
        yield opened


async def _embedder(app: App, name: str) -> tuple[str, str, int]:
    manifest = (await app.status(project=name)).manifest
    assert manifest.embedder is not None
    return manifest.embedder.plugin, manifest.embedder.model, manifest.embedder.dimensions


def _shown(answer: Answer) -> list[tuple[str, int, float]]:
    return [(hit.path, hit.start_line, round(hit.score, 3)) for hit in answer.hits]


async def _answers(app: App, project: str) -> list[list[tuple[str, int, float]]]:
    return [_shown(await app.search(query, project=project)) for query in QUERIES]


async def _start(environ: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "codebase_core", *arguments),
        env={**environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.soak
async def test_a_reindex_killed_at_random_moments_ends_as_a_fresh_index_and_no_search_sees_both(
    app: App, plugged: Mapping[str, str]
) -> None:
    await app.index(SOURCES, choices=Choices(project="killed"))
    await app.index(SOURCES, choices=Choices(project="old"))
    await app.index(SOURCES, choices=Choices(project="new", embedder="sliced:half"))
    old, new = await _answers(app, "old"), await _answers(app, "new")
    assert all(before != after for before, after in zip(old, new, strict=True))
    stop = asyncio.Event()

    async def searching() -> int:
        asked, changed = 0, 0
        while not stop.is_set():
            nth = asked % len(QUERIES)
            found = _shown(await app.search(QUERIES[nth], project="killed"))
            assert found in (old[nth], new[nth])
            assert not (changed and found == old[nth]), "the old index answers no more once the new one has"
            changed = changed or found == new[nth]
            asked += 1
        return asked

    chance = random.Random(11)
    async with asyncio.TaskGroup() as group:
        searches = [group.create_task(searching()) for _ in range(2)]
        for _ in range(KILLS):
            process = await _start(plugged, "reindex", "--project", "killed", "--embedder", "sliced:half")
            try:
                async with asyncio.timeout(chance.uniform(0.5, 4.0)):
                    await process.wait()
            except TimeoutError:
                process.send_signal(signal.SIGKILL)
            await process.communicate()
        process = await _start(plugged, "reindex", "--project", "killed", "--embedder", "sliced:half")
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        assert await _answers(app, "killed") == new
        stop.set()
    assert min(search.result() for search in searches) > 10
    killed, fresh = [await rows(app, await app.find(name)) for name in ("killed", "new")]
    assert killed == fresh
    assert await app.verify() == []
    assert (await app.status(project="killed")).next is None


async def test_three_embedders_of_three_lengths_on_one_server_do_not_meet(app: App, tree: Path) -> None:
    chosen = {"a": "static", "b": "sliced:64", "c": "sliced:100"}
    for name, embedder in chosen.items():
        await app.index(tree, choices=Choices(project=name, embedder=embedder))
    assert [(await _embedder(app, name))[2] for name in chosen] == [256, 64, 100]
    before = {name: await rows(app, await app.find(name)) for name in chosen}
    for name in chosen:
        answer = await app.search("where are connections pooled", project=name)
        assert answer.hits[0].path == "pool.py"
        assert answer.hits[0].stages["dense"] > 0
    await app.reindex(project="a", embedder="sliced:100")
    assert await _embedder(app, "a") == ("sliced", "100", 100)
    assert {name: await rows(app, await app.find(name)) for name in "bc"} == {name: before[name] for name in "bc"}
    assert await rows(app, await app.find("a")) == before["c"]


async def test_another_embedder_for_an_index_is_an_error_that_names_reindex(app: App, tree: Path) -> None:
    await app.index(tree)
    with pytest.raises(EmbedderMismatch) as failed:
        await app.index(tree, choices=Choices(embedder="sliced:64"))
    assert failed.value.hint == "codebase-core reindex --embedder sliced:64"
    report = await app.reindex(tree, embedder="sliced:64")
    assert report.as_dict()["embedder"]["after"]["dimensions"] == 64
    await app.index(tree, choices=Choices(embedder="sliced:64"))


async def test_the_same_embedder_builds_the_index_anew(app: App, tree: Path) -> None:
    await app.index(tree)
    project = (await app.resolve(tree)).require_project()
    before = await rows(app, project)
    for generation in (2, 3):
        assert (await app.reindex(tree)).after.generation == generation
        assert await rows(app, project) == before
    report = await app.index(tree)
    assert report.progress.indexed == 0


async def test_a_newer_revision_of_the_model_is_refused_until_the_index_is_built_anew(
    app: App, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = tmp_path / "revision"
    revision.write_text("1")
    monkeypatch.setenv("SLICED_REVISION", str(revision))
    await app.index(tree, choices=Choices(embedder="sliced:64"))
    revision.write_text("2")
    async with App(app.settings) as later:
        with pytest.raises(EmbedderMismatch, match="is at revision 2 now") as failed:
            await later.search("pool", path=tree)
        assert "codebase-core reindex" in (failed.value.hint or "")
        await later.reindex(tree)
        assert (await later.search("pool", path=tree)).hits
    assert (await app.search("pool", path=tree)).hits  # opened before the model changed


async def test_who_had_it_open_goes_on_with_the_new_index(app: App, tree: Path) -> None:
    await app.index(tree)
    questions = await app.searcher(await app.resolve(tree))
    async with App(app.settings) as other:
        await other.reindex(tree, embedder="sliced:64")
    assert (await questions.search(SearchRequest("where are connections pooled"))).hits[0].path == "pool.py"
    assert (await questions.related(RelatedRequest("pool.py", 4, path=tree))).hits
    (tree / "late.py").write_text("def settle_the_pool(): ...\n")
    assert (await app.index(tree)).progress.indexed == 1
    assert (await app.search("settle_the_pool", path=tree)).hits[0].path == "late.py"
    assert await _embedder(app, "example") == ("sliced", "64", 64)


async def test_an_unfinished_one_is_shown_continued_or_given_up(
    app: App, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.index(tree)
    resolution = await app.resolve(tree)
    store = await app.open(resolution.require_project())
    (tree / "parser/tree.py").chmod(0o600)

    async def broken(*_: object, **__: object) -> None:
        raise EmbedderUnavailable("gone")

    with monkeypatch.context() as patched:
        patched.setattr("codebase_core.indexing.pipeline.embed_files", broken)
        with pytest.raises(EmbedderUnavailable):
            await app.reindex(tree, embedder="sliced:64")
    status = await app.status(tree)
    assert status.as_dict()["reindex"]["model"] == "64"
    assert (await store.runs(limit=1))[0].outcome == "failed"
    assert (await app.search("pool", path=tree)).hits
    await abandon(app.engine, resolution)
    assert (await app.status(tree)).as_dict()["reindex"] is None
    with monkeypatch.context() as patched:
        patched.setattr("codebase_core.indexing.pipeline.embed_files", broken)
        with pytest.raises(EmbedderUnavailable):
            await app.reindex(tree, embedder="sliced:64")
    assert (await app.reindex(tree)).after.embedder == (await app.status(tree)).manifest.embedder
    assert await _embedder(app, "example") == ("sliced", "64", 64)


async def test_every_repository_of_a_project_and_only_what_was_indexed_of_it(
    app: App, tree: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    shutil.copytree(tree, second)
    await app.index(tree, choices=Choices(project="both"))
    await app.index(second / "parser", choices=Choices(project="both"))
    before = await rows(app, await app.find("both"))
    report = await app.reindex(project="both")
    assert [name for name, _ in report.repositories] == ["example", "second"]
    assert await rows(app, await app.find("both")) == before
    report = await app.reindex(project="both", without=["example"], embedder="sliced:64")
    assert [state.name for state in (await app.status(project="both")).statistics.repositories] == ["second"]


async def test_a_repository_on_another_machine_is_waited_for(
    app: App, plugged: Mapping[str, str], tree: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    shutil.copytree(tree, second)
    (second / "pool.py").write_text(f"# The second.\n{(tree / 'pool.py').read_text()}")  # equal files would be one hit
    await app.index(tree, choices=Choices(project="both"))
    elsewhere = {**plugged, "CODEBASE_CORE_HOME": str(tmp_path / "elsewhere")}
    async with App(load_settings(environ=elsewhere)) as other:
        assert machine_id(other.settings.home) != app.machine
        await other.index(second, choices=Choices(project="both"))
        with pytest.raises(RepositoryNotHere, match="'second'") as failed:
            await app.reindex(project="both", embedder="sliced:64")
        assert "--without second" in (failed.value.hint or "")
        assert (await _embedder(app, "both"))[0] == "static"
        report = await other.reindex(project="both")
        assert [name for name, _ in report.repositories] == ["second"]
    assert await _embedder(app, "both") == ("sliced", "64", 64)
    answer = await app.search("where are connections pooled", project="both")
    assert {hit.repository for hit in answer.hits} == {"example", "second"}
    with pytest.raises(RepositoryNotHere, match="no repository 'third'"):
        await app.reindex(project="both", without=["third"])


async def test_a_project_without_a_repository_gets_the_one_at_hand(app: App, tree: Path) -> None:
    await app.create("empty")
    await app.reindex(tree, project="empty", embedder="sliced:64")
    assert await _embedder(app, "empty") == ("sliced", "64", 64)
    assert (await app.search("pool", project="empty")).hits


async def test_backup_and_move_know_nothing_of_an_unfinished_one(
    app: App, tree: Path, tmp_path: Path, store_name: str
) -> None:
    await app.index(tree)
    project = (await app.resolve(tree)).require_project()
    await app.reindex(tree, embedder="sliced:64")
    before = await rows(app, project)
    store = await app.engine.store(project.binding.store)
    current = await app.open(project)
    await store.open_next(project.binding, replace(current.manifest, generation=3))
    projects = await app.projects()
    await projects.backup(project, tmp_path / "backup")
    other = {"postgres-database": "postgres-schema", "postgres-schema": "postgres-database"}[store_name]
    moved = await projects.move(project, store=other, server=project.binding.server)
    assert await rows(app, moved) == before
    assert (await app.status(tree)).next is None
    await projects.purge(moved)
    restored = await projects.restore_from(tmp_path / "backup")
    assert await rows(app, restored) == before
    assert await app.verify() == []
    assert (await app.reindex(project=restored.name)).after.generation == 3
