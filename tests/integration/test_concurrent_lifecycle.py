"""Processes that create and purge the same project at once, interleaved by hand: the second ends as if it had come first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from codebase_core_hookspecs import Project, Store
from codebase_core_postgres.project.namespace import mark
from codebase_core_postgres.project.provisioning import lock_schema

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.errors import NameTaken, NotOwned, ProjectNotFound
from codebase_core.projects.lifecycle import Projects

from .conftest import Cluster
from .places import administering, place_of

pytestmark = [
    pytest.mark.any_store,  # only schemas have names that several projects want
    pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True),
    pytest.mark.parametrize("registry", ["postgres", "json"]),
]


@pytest.fixture
async def apps(environ: Mapping[str, str], registry: str) -> AsyncIterator[tuple[App, App]]:
    settings = load_settings(environ={**environ, "CODEBASE_CORE_REGISTRY": registry})
    async with App(settings) as one, App(settings) as other:
        yield one, other


async def interrupted(app: App, *, before: int, by: Callable[[], Awaitable[object]]) -> Projects:
    """Return the life cycle of an application that another process interrupts once: before it uses the store for the nth time."""
    uses = 0

    async def store(name: str) -> Store:
        nonlocal uses
        uses += 1
        if uses == before:
            await by()
        return await app.engine.store(name)

    return Projects(await app.engine.registry(), store, home=app.settings.home, plugin=app.engine.plugins.store)


async def create(app: App, projects: Projects, name: str) -> Project:
    return await projects.create(name, store="postgres-schema", server="environment", manifest=app.engine.manifest)


async def test_a_project_purged_twice_at_once_is_purged(apps: tuple[App, App]) -> None:
    one, other = apps
    project = await one.create("subject")

    async def meanwhile() -> None:
        await (await other.projects()).purge(await other.find("subject"))
        await other.create("subject")

    assert await (await interrupted(one, before=1, by=meanwhile)).purge(project)
    assert (await other.find("subject")).id != project.id
    assert await one.verify() == []


async def test_a_project_made_anew_with_its_id_is_not_purged_by_who_meant_the_old_one(apps: tuple[App, App]) -> None:
    """A creation whose place is taken goes on with the same id at another place."""
    one, other = apps
    project = await one.create("subject")
    elsewhere = {**project.binding.location, "schema": "project_elsewhere"}
    anew = replace(project, binding=replace(project.binding, location=elsewhere), status="provisioning", version=1)

    async def meanwhile() -> None:
        projects = await other.projects()
        await projects.purge(await other.find("subject"))
        await other.create("SUBJECT")
        await projects.rename(await other.find("subject"), "next")
        await (await other.engine.registry()).create(anew, actor="other")
        await projects.provision(anew, await other.engine.manifest(anew.id))

    assert await (await interrupted(one, before=1, by=meanwhile)).purge(project)
    assert (await other.find("subject")).binding.location == elsewhere
    assert await one.verify() == []


async def test_a_project_whose_place_was_never_made_is_purged(apps: tuple[App, App]) -> None:
    """Its creator found the place taken and is about to withdraw the record."""
    one, other = apps
    taken, registry = await one.create("subject"), await one.engine.registry()
    await registry.update(replace(taken, status="dropping"), actor="one", action="dropping")
    await registry.purge(taken.id, actor="one")  # its place is still there
    made = await registry.create(replace(taken, id=uuid4(), name="late", status="provisioning", version=1), actor="one")

    assert await (await other.projects()).purge(made) is False
    with pytest.raises(ProjectNotFound):
        await other.find("late")
    (orphan,) = await one.verify()
    assert (orphan.kind, orphan.project) == ("orphan", taken.id)


async def test_a_project_whose_place_lost_its_mark_is_purged_by_who_insists(
    apps: tuple[App, App], cluster: Cluster
) -> None:
    one, _ = apps
    project, projects = await one.create("subject"), await one.projects()
    async with administering(cluster, project.binding) as connection:
        await connection.execute(f"COMMENT ON {place_of(project.binding)} IS NULL")
    with pytest.raises(NotOwned):
        await projects.purge(project)
    assert await projects.purge(project) is False
    async with administering(cluster, project.binding) as connection:
        schema = project.binding.location["schema"]
        assert await connection.fetchval(f'SELECT count(*) FROM "{schema}".manifest') == 1


async def test_a_creation_whose_project_is_purged_meanwhile_leaves_the_next_one_alone(apps: tuple[App, App]) -> None:
    one, other = apps

    async def meanwhile() -> None:
        await (await other.projects()).purge(await other.find("subject"))
        await other.create("subject")

    with pytest.raises(NameTaken):
        await create(one, await interrupted(one, before=2, by=meanwhile), "subject")
    assert (await other.find("subject")).status == "active"
    assert await one.verify() == []


async def test_a_creation_goes_on_elsewhere_when_another_project_got_its_place(apps: tuple[App, App]) -> None:
    one, other = apps

    async def meanwhile() -> None:
        await (await other.projects()).purge(await other.find("sub-ject"))
        await other.create("sub ject")

    made = await create(one, await interrupted(one, before=2, by=meanwhile), "sub-ject")
    assert made.binding.location["schema"] != (await other.find("sub ject")).binding.location["schema"]
    assert await one.verify() == []


async def test_a_schema_that_changes_hands_is_not_dropped(apps: tuple[App, App], cluster: Cluster) -> None:
    """The mark was checked, then the schema dropped: in between it could become another project's."""
    one, _ = apps
    project = await one.create("subject")
    store = await one.engine.store(project.binding.store)
    url = cluster.url(project.binding.location["database"])
    with closing(psycopg.Connection[Any].connect(url, autocommit=True, cursor_factory=psycopg.RawCursor)) as connection:
        with connection.transaction():
            lock_schema(connection, project.binding.location["schema"])
            dropping = asyncio.create_task(store.drop(project.binding, project=project.id))
            await asyncio.wait({dropping}, timeout=0.2)
            connection.execute(f"COMMENT ON {place_of(project.binding)} IS '{mark(uuid4())}'")
        with pytest.raises(NotOwned):
            await dropping
        connection.execute(f"COMMENT ON {place_of(project.binding)} IS '{mark(project.id)}'")
    assert await one.verify() == []
