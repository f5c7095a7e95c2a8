"""Where the registry lives: made by the first write alone, beside whatever else a database holds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from codebase_core.app import App, Choices
from codebase_core.config.settings import Settings
from codebase_core.errors import ProjectUnresolved
from codebase_core.testing.registry.base import record
from codebase_core.testing.registry.tokens import token

from .conftest import Cluster
from .places import administering

pytestmark = [pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True), pytest.mark.any_store]


async def _database(cluster: Cluster, environ: Mapping[str, str]) -> str:
    return environ["REGISTRY_DATABASE_URL"].split("@/")[1].split("?")[0]


async def test_a_taken_place_is_planned_again_with_the_id(app: App, tree: Path) -> None:
    await app.index(tree, choices=Choices(project="my shop"))
    await app.index(tree, choices=Choices(project="my-shop"))  # the same slug
    first, second = await app.find("my shop"), await app.find("my-shop")
    assert first.binding.location["schema"] == "project_my_shop"
    assert second.binding.location["schema"] == f"project_my_shop_{second.id.hex[:8]}"


async def test_somebody_elses_schema_is_planned_around(app: App, cluster: Cluster, tree: Path) -> None:
    await app.index(tree, choices=Choices(project="probe"))
    probe = (await app.find("probe")).binding
    async with administering(cluster, probe) as connection:
        await connection.execute("CREATE SCHEMA project_theirs CREATE TABLE precious (x int)")
        await app.index(tree, choices=Choices(project="theirs"))
        project = await app.find("theirs")
        assert project.binding.location["schema"] == f"project_theirs_{project.id.hex[:8]}"
        assert await connection.fetchval("SELECT count(*) FROM project_theirs.precious") == 0
    assert await app.verify() == []


async def test_reading_a_registry_that_is_not_there_gives_nothing_and_creates_nothing(
    app: App, cluster: Cluster, environ: Mapping[str, str], tree: Path
) -> None:
    registry = await app.engine.registry()
    assert list(await registry.list()) == []
    assert await registry.find("x") is None
    assert await registry.history(uuid4()) == []
    with pytest.raises(ProjectUnresolved):
        await app.search("pool", path=tree)
    assert await app.verify() == []
    connection = await cluster.connect(await _database(cluster, environ))
    names = await connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'")
    await connection.close()
    assert [row["nspname"] for row in names] == ["public"]


async def test_another_systems_tables_in_the_same_database_are_left_alone(
    app: App, cluster: Cluster, environ: Mapping[str, str], tree: Path
) -> None:
    connection = await cluster.connect(await _database(cluster, environ))
    await connection.execute(
        "CREATE TABLE projects (id int PRIMARY KEY, name text); INSERT INTO projects VALUES (1, 'x')"
    )
    await connection.execute("CREATE TABLE code_chunks (id int); CREATE TABLE checkouts (id int)")
    await app.index(tree)
    await (await app.projects()).purge((await app.resolve(tree)).require_project())
    assert [tuple(row) for row in await connection.fetch("SELECT * FROM projects")] == [(1, "x")]
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    assert [row["tablename"] for row in tables] == ["checkouts", "code_chunks", "projects"]
    await connection.close()


async def test_many_processes_may_make_the_registry_at_once(settings: Settings) -> None:
    apps = [App(settings) for _ in range(6)]
    registries = [await app.engine.registry() for app in apps]
    await asyncio.gather(*(registry.create(record(f"p{n}"), actor="me") for n, registry in enumerate(registries)))
    assert len(await registries[0].list()) == 6
    for app in apps:
        await app.engine.aclose()


async def test_a_registry_from_before_there_were_tokens_gets_them(
    app: App, cluster: Cluster, environ: Mapping[str, str], tree: Path
) -> None:
    await app.index(tree)
    connection = await cluster.connect(await _database(cluster, environ))
    await connection.execute("DROP TABLE codebase_core.tokens")
    registry = await app.engine.registry()
    assert list(await registry.tokens()) == []
    await (await app.projects()).tag((await app.resolve(tree)).require_project(), add=["a"])
    assert await connection.fetchval("SELECT to_regclass('codebase_core.tokens')") is None
    made = token("ci", projects=1)
    await registry.add_token(made, actor="me@here")
    assert list(await registry.tokens()) == [made]
    assert await connection.fetchval("SELECT count(*) FROM codebase_core.projects") == 1
    await connection.close()
