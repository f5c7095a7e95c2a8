"""A process that lives long looks its projects up in memory, and still sees at once what others change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from time import monotonic

import asyncpg
import pytest
from codebase_core_hookspecs import Registry
from codebase_core_postgres.registry.cache import _WORTH, CHANNEL

from codebase_core.app import App
from codebase_core.config.settings import Settings, load_settings
from codebase_core.errors import CodebaseCoreError

from .conftest import Cluster

pytestmark = [pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True), pytest.mark.any_store]


@pytest.fixture
async def registries(settings: Settings) -> AsyncIterator[list[Registry]]:
    async with App(settings) as one, App(settings) as two:
        await one.create("shop")
        yield [await one.engine.registry(), await two.engine.registry()]


async def until(done: Callable[[], object]) -> None:
    """Wait until something that is awaited anew comes true."""
    end = monotonic() + 10
    while not await done():  # type: ignore[misc]
        assert monotonic() < end
        await asyncio.sleep(0.01)


async def listening(cluster: Cluster, database: str) -> list[int]:
    connection = await cluster.connect()
    rows = await connection.fetch(
        "SELECT pid FROM pg_stat_activity WHERE query ILIKE $1 AND datname = $2", f'LISTEN "{CHANNEL}"%', database
    )
    await connection.close(timeout=5)
    return [row["pid"] for row in rows]


async def listens(registry: Registry, cluster: Cluster, database: str) -> None:
    async def heard() -> bool:
        for _ in range(_WORTH):
            await registry.find("shop")
        return bool(await listening(cluster, database))

    await until(heard)


@pytest.fixture
def database(environ: Mapping[str, str]) -> str:
    return environ["REGISTRY_DATABASE_URL"].partition("@/")[2].partition("?")[0]


async def test_a_few_look_ups_take_no_connection(registries: list[Registry], cluster: Cluster, database: str) -> None:
    for _ in range(_WORTH // 2):
        assert await registries[1].find("shop")
    assert await listening(cluster, database) == []


async def test_many_look_ups_come_from_memory(
    registries: list[Registry], cluster: Cluster, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = registries[1]
    await listens(there, cluster, database)
    shop = await there.find("shop")
    asked = []
    inner = asyncpg.Connection.fetch

    async def fetch(self: object, *arguments: object, **options: object) -> object:
        asked.append(arguments)
        return await inner(self, *arguments, **options)

    monkeypatch.setattr(asyncpg.Connection, "fetch", fetch)
    for _ in range(100):
        assert await there.find("SHOP") == shop
    assert asked == []


async def test_a_rename_elsewhere_is_seen_at_once(registries: list[Registry], cluster: Cluster, database: str) -> None:
    here, there = registries
    await listens(there, cluster, database)
    for number in range(20):
        known = await there.find("shop")
        assert known is not None
        renamed = await here.update(replace(known, name=f"store {number}"), actor="me", action="rename")

        async def gone() -> bool:
            return await there.find("shop") is None

        await until(gone)
        assert await there.find(f"store {number}") == await there.get(known.id) == renamed
        back = await there.update(replace(renamed, name="shop"), actor="me", action="rename")
        assert await there.find("shop") == back, "its own changes are seen without waiting"


@pytest.mark.parametrize("ended", ["pg_terminate_backend", "restart"])
async def test_a_lost_listener_leaves_nothing_stale(
    registries: list[Registry], cluster: Cluster, database: str, ended: str
) -> None:
    here, there = registries
    await listens(there, cluster, database)
    known = await there.find("shop")
    assert known is not None
    connection = await cluster.connect()
    await connection.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND (pid = ANY($2::int[]) OR $3)",
        database,
        await listening(cluster, database),
        ended == "restart",
    )
    await connection.close(timeout=5)

    async def changed() -> bool:
        with suppress(CodebaseCoreError):  # its own connection may have been ended too
            return bool(await here.update(replace(known, name="store"), actor="me", action="rename"))
        return False

    await until(changed)

    async def seen() -> bool:
        return await there.find("shop") is None

    await until(seen)
    await listens(there, cluster, database)


async def test_a_small_budget_is_not_spent_on_listening(
    environ: Mapping[str, str], cluster: Cluster, database: str
) -> None:
    async with App(load_settings(environ={**environ, "POOL_MAX_SIZE": "3"})) as app:
        await app.create("shop")
        for _ in range(_WORTH * 3):
            assert await app.find("shop")
        assert await listening(cluster, database) == []
