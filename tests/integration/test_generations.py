"""The next generation of an index: built beside the current one, continued, given up, put in its place."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from codebase_core_hookspecs import EmbedderIdentity, Manifest, RetrievalQuery, Source
from codebase_core_postgres.project.namespace import Namespace
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App
from codebase_core.errors import GenerationChanged, NotOwned, ProjectBusy

from .rows import rows

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, ProjectStore, Store

OTHER = EmbedderIdentity(plugin="test", model="three", revision="1", dimensions=3)


@pytest.fixture
async def project(app: App, tree: Path) -> Project:
    await app.index(tree)
    return (await app.resolve(tree)).require_project()


@pytest.fixture
async def store(app: App, project: Project) -> Store:
    return await app.engine.store(project.binding.store)


async def _next(app: App, project: Project, *, embedder: EmbedderIdentity = OTHER) -> Manifest:
    current = (await app.open(project)).manifest
    return replace(current, generation=current.generation + 1, embedder=embedder)


def _source(app: App, tree: Path) -> Source:
    return Source(name="example", identity="x", root=str(tree), machine=app.machine)


async def _names(app: App, opened: ProjectStore) -> list[str]:
    return [state.path async for page in opened.file_states("example") for state in page]


async def test_the_next_generation_replaces_the_current_one_and_keeps_runs_and_lease(
    app: App, project: Project, store: Store, tree: Path
) -> None:
    current = await app.open(project)
    answer = await app.search("connection pool", path=tree)
    ids = [c.id for c in (await current.retrieve(RetrievalQuery(terms={"pool": 1.0}))).candidates]
    assert ids
    before = await current.runs(limit=10)
    manifest = await _next(app, project)
    building = await store.open_next(project.binding, manifest)
    assert building.manifest.embedder == OTHER
    async with building.writing(_source(app, tree), scope=()) as writer:
        with pytest.raises(ProjectBusy):
            await app.index(tree)
        assert (await app.search("connection pool", path=tree)).hits == answer.hits
        assert (await current.repositories())[0].running
        await writer.activate(detail={"files": 0})
    with pytest.raises(GenerationChanged):
        await current.retrieve(RetrievalQuery(terms={"pool": 1.0}))
    with pytest.raises(GenerationChanged):
        await current.passages(ids)
    opened = await app.open(project)
    assert opened.manifest == manifest
    assert [run.id for run in await opened.runs(limit=10)] == [before[0].id + 1, *(run.id for run in before)]
    assert (await opened.runs(limit=1))[0].outcome == "done"
    assert await store.unfinished(project.binding, project=project.id) is None
    assert await app.verify() == []
    async with opened.writing(_source(app, tree), scope=()) as writer:  # lease, sequences and codecs are in order
        await writer.finish(outcome="done", detail={})


async def test_a_writer_of_a_replaced_generation_writes_nothing(
    app: App, project: Project, store: Store, tree: Path
) -> None:
    current = await app.open(project)
    building = await store.open_next(project.binding, await _next(app, project))
    async with building.writing(_source(app, tree), scope=()) as writer:
        await writer.activate(detail={})
    with pytest.raises(GenerationChanged):
        async with current.writing(_source(app, tree), scope=()):
            pass
    assert (await (await app.open(project)).runs(limit=1))[0].detail == {}


async def test_one_with_the_same_manifest_is_continued_and_any_other_begun_anew(
    app: App, project: Project, store: Store, tree: Path
) -> None:
    before = await rows(app, project)
    manifest = await _next(app, project)
    building = await store.open_next(project.binding, manifest)
    async with building.writing(_source(app, tree), scope=()) as writer:
        await writer.finish(outcome="done", detail={})
    assert await store.unfinished(project.binding, project=project.id) == manifest
    continued = await store.open_next(project.binding, manifest)
    assert [state.name for state in await continued.repositories()] == ["example"]
    other = replace(OTHER, dimensions=2_000)
    anew = await store.open_next(project.binding, await _next(app, project, embedder=other))
    assert await anew.repositories() == []
    with pytest.raises(GenerationChanged):
        async with building.writing(_source(app, tree), scope=()):
            pass
    assert await rows(app, project) == before


async def test_one_that_is_given_up_leaves_nothing(app: App, project: Project, store: Store, tree: Path) -> None:
    before = await rows(app, project)
    building = await store.open_next(project.binding, await _next(app, project))
    async with building.writing(_source(app, tree), scope=()):
        with pytest.raises(ProjectBusy):
            await store.drop_next(project.binding, project=project.id)
    await store.drop_next(project.binding, project=project.id)
    await store.drop_next(project.binding, project=project.id)
    assert await store.unfinished(project.binding, project=project.id) is None
    with pytest.raises(GenerationChanged):
        async with building.writing(_source(app, tree), scope=()):
            pass
    assert await rows(app, project) == before


async def test_an_unfinished_one_is_no_orphan_and_goes_with_its_project(
    app: App, project: Project, store: Store, tree: Path
) -> None:
    await store.open_next(project.binding, await _next(app, project))
    assert await app.verify() == []
    projects = await app.projects()
    await projects.purge(project)
    assert await app.verify() == []
    place = Namespace.of(project.binding).next
    current = await app.index(tree)
    store_of_new = await app.open(current.resolution.require_project())
    async with store_of_new._pool.acquire(store_of_new.namespace.database) as connection:
        assert await connection.fetchval("SELECT to_regnamespace($1)", quote(place.schema)) is None


async def test_a_schema_that_is_somebody_elses_is_left_alone(app: App, project: Project, store: Store) -> None:
    place = Namespace.of(project.binding)
    opened = await app.open(project)
    async with opened._pool.acquire(place.database) as connection:
        await connection.execute(f"CREATE SCHEMA {quote(place.next.schema)}")
    with pytest.raises(NotOwned, match="in the way"):
        await store.open_next(project.binding, await _next(app, project))
    assert await store.unfinished(project.binding, project=project.id) is None


async def test_a_swap_waits_for_what_reads_the_old_tables(app: App, project: Project, store: Store, tree: Path) -> None:
    opened = await app.open(project)
    building = await store.open_next(project.binding, await _next(app, project))
    async with opened._pool.acquire(opened.namespace.database) as reader:
        reading = reader.transaction()
        await reading.start()
        await reader.fetch(f"SELECT * FROM {quote(opened.namespace.schema)}.symbols")

        async def ending() -> None:
            while not await _waited(app, opened):  # noqa: ASYNC110 - another connection's lock
                await asyncio.sleep(0.05)
            assert (await app.search("connection pool", path=tree)).hits
            await reading.rollback()

        async with building.writing(_source(app, tree), scope=()) as writer, asyncio.TaskGroup() as group:
            group.create_task(ending())
            group.create_task(writer.activate(detail={}))
    with pytest.raises(GenerationChanged):
        await opened.statistics()
    assert (await app.open(project)).manifest.embedder == OTHER


async def _waited(app: App, opened: ProjectStore) -> bool:
    """Whether the swap is waiting for a lock."""
    async with opened._pool.acquire(opened.namespace.database) as connection:
        return await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock')"
        )
