"""Making a place: foreign ones are left alone, a half-made one is finished, many may make the same one at once."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from codebase_core_hookspecs import Project
from codebase_core_postgres.isolation import databases
from codebase_core_postgres.project.namespace import mark

from codebase_core.app import App, Choices
from codebase_core.config.settings import Settings
from codebase_core.errors import NotOwned

from .conftest import Cluster
from .places import administering, is_database, place_of


async def test_a_foreign_place_with_the_planned_name_is_left_alone(app: App, cluster: Cluster, tree: Path) -> None:
    await app.index(tree, choices=Choices(project="first"))  # makes the registry
    project = await _recorded(app, "planned")
    async with administering(cluster, project.binding) as connection:
        await connection.execute(f"CREATE {place_of(project.binding)}")
    schema = "public" if is_database(project.binding) else project.binding.location["schema"]
    async with administering(cluster, project.binding, inside=True) as connection:
        await connection.execute(f'CREATE TABLE "{schema}".precious AS SELECT 42 AS answer')
    store = await app.engine.store(project.binding.store)
    with pytest.raises(NotOwned, match="not marked") as caught:
        await store.provision(project.binding, await app.engine.manifest(project.id))
    assert caught.value.hint
    with pytest.raises(NotOwned):
        await store.drop(project.binding, project=project.id)
    async with administering(cluster, project.binding, inside=True) as connection:
        assert await connection.fetchval(f'SELECT answer FROM "{schema}".precious') == 42


async def test_a_mark_of_another_project_protects_a_place(app: App, cluster: Cluster, tree: Path) -> None:
    await app.index(tree)
    project = (await app.resolve(tree)).require_project()
    store = await app.engine.store(project.binding.store)
    with pytest.raises(NotOwned):
        await store.drop(project.binding, project=uuid4())
    async with administering(cluster, project.binding) as connection:
        await connection.execute(f"COMMENT ON {place_of(project.binding)} IS '{mark(project.id)} and more'")
    with pytest.raises(NotOwned):
        await store.drop(project.binding, project=project.id)
    assert (await app.search("pool", path=tree)).hits


async def test_dropping_twice_is_no_error(app: App, tree: Path) -> None:
    await app.index(tree)
    project = (await app.resolve(tree)).require_project()
    store = await app.engine.store(project.binding.store)
    await store.drop(project.binding, project=project.id)
    await store.drop(project.binding, project=project.id)


async def test_eight_tasks_and_three_processes_may_make_one_place(
    app: App, settings: Settings, environ: Mapping[str, str], tree: Path
) -> None:
    await app.index(tree, choices=Choices(project="first"))
    for attempt in range(3):
        project = await _recorded(app, f"raced {attempt}")
        apps = [App(settings) for _ in range(8)]
        processes = [await _provisioning(environ, project) for _ in range(3)]
        await asyncio.gather(*(_provision(each, project) for each in apps))
        for process in processes:
            _, errors = await process.communicate()
            assert process.returncode == 0, errors.decode()
        await asyncio.gather(*(each.engine.aclose() for each in apps))
        opened = await app.open(project)
        assert opened.manifest.project == project.id
    assert {problem.kind for problem in await app.verify()} == {"unfinished"}  # the records, which nobody made active


async def test_a_place_that_another_process_finishes_meanwhile_is_no_foreign_one(
    app: App, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.index(tree, choices=Choices(project="first"))
    project = await app.find("first")
    real = databases.comment_of
    answers = [(True, None)]  # as it was before the other one wrote its mark

    def comment_of(*arguments: Any) -> tuple[bool, str | None]:
        return answers.pop() if answers else real(*arguments)

    monkeypatch.setattr(databases, "comment_of", comment_of)
    await _provision(app, project)
    assert (await app.search("pool", project="first")).hits


@pytest.mark.parametrize("marked", [True, False], ids=["before-tables", "before-comment"])
async def test_a_half_made_place_is_finished_by_running_again(
    app: App, cluster: Cluster, tree: Path, marked: bool
) -> None:
    await app.index(tree, choices=Choices(project="first"))
    project = await _recorded(app, "half")
    if is_database(project.binding):
        async with administering(cluster, project.binding) as connection:
            await connection.execute(f"CREATE {place_of(project.binding)}")
            if marked:
                await connection.execute(f"COMMENT ON {place_of(project.binding)} IS '{mark(project.id)}'")
    await app.index(tree, choices=Choices(project="half"))
    assert (await app.find("half")).status == "active"
    assert (await app.search("pool", project="half")).hits
    assert await app.verify() == []


async def test_a_creation_that_fails_half_way_leaves_neither_record_nor_place(
    app: App, cluster: Cluster, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.index(tree, choices=Choices(project="first"))
    before = await _places(cluster, app)

    def fail(*_: object, **__: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    monkeypatch.setattr("codebase_core_postgres.project.provisioning._insert_manifest", fail)
    with pytest.raises(Exception, match="could not extend file"):
        await app.index(tree, choices=Choices(project="second"))
    monkeypatch.undo()
    assert await _places(cluster, app) == before
    assert [project.name for project in await (await app.projects()).everything()] == ["first"]
    assert await app.verify() == []


async def _recorded(app: App, name: str) -> Project:
    """Write a record in status provisioning, as a creation does first."""
    store = await app.engine.store(app.settings["store"])
    found = await app.find("first")
    new = replace(found, id=uuid4(), name=name, status="provisioning", version=1)
    binding = store.plan(new.id, name, server=app.settings["server"])
    return await (await app.engine.registry()).create(replace(new, binding=binding), actor="test")


async def _provision(app: App, project: Project) -> None:
    store = await app.engine.store(project.binding.store)
    await store.provision(project.binding, await app.engine.manifest(project.id))


_PROVISION = """
import asyncio, json, sys
from uuid import UUID
from codebase_core_hookspecs import Binding
from codebase_core.app import App

async def main(id, binding):
    async with App() as app:
        store = await app.engine.store(binding["store"])
        await store.provision(Binding(**binding), await app.engine.manifest(UUID(id)))

asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
"""


async def _provisioning(environ: Mapping[str, str], project: Project) -> asyncio.subprocess.Process:
    binding = {key: getattr(project.binding, key) for key in ("store", "server")}
    location = dict(project.binding.location)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PROVISION,
        str(project.id),
        json.dumps({**binding, "location": location}),
        env={**environ, **{k: v for k, v in os.environ.items() if k == "PYTHONPATH"}},
        stderr=asyncio.subprocess.PIPE,
    )


async def _places(cluster: Cluster, app: App) -> list[str]:
    binding = (await app.find("first")).binding
    async with administering(cluster, binding, inside=True) as connection:
        rows = await connection.fetch(
            "SELECT datname AS name FROM pg_database UNION ALL SELECT nspname FROM pg_namespace ORDER BY 1"
        )
    return [row["name"] for row in rows]
