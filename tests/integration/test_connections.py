"""The budget of connections: never exceeded, fair, clean, and unharmed by a server that was restarted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from codebase_core_hookspecs import Server
from codebase_core_postgres.connection.address import parse
from codebase_core_postgres.connection.pool import Connection, ConnectionLimit, ConnectionPool

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import ServerBusy

from .conftest import Cluster

pytestmark = pytest.mark.any_store


@asynccontextmanager
async def connections(
    cluster: Cluster, *, size: int = 3, spare: int = 1, deadline: float = 10.0, pooling: Any = "session", **choices: Any
) -> AsyncIterator[ConnectionPool]:
    server = Server(name="tested", url=cluster.url("postgres"), pooling=pooling)
    opened = ConnectionPool(
        parse(server, str(server.url), {}), limit=ConnectionLimit(size), spare=spare, deadline=deadline, **choices
    )
    try:
        yield opened
    finally:
        await opened.aclose()


@asynccontextmanager
async def watched(cluster: Cluster, condition: str) -> AsyncIterator[list[int]]:
    """Count sessions on the server all the time that the block takes."""
    counts: list[int] = []

    async def watch() -> None:
        connection = await cluster.connect()
        try:
            while True:
                sql = f"SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND {condition}"
                counts.append(await connection.fetchval(sql))
                await asyncio.sleep(0.005)
        finally:
            await connection.close(timeout=2)

    task = asyncio.create_task(watch())
    try:
        yield counts
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def backend(connection: Connection) -> int:
    return int(await connection.fetchval("SELECT pg_backend_pid()"))


async def test_many_projects_searched_by_many_tasks_stay_within_the_budget(
    environ: Mapping[str, str], cluster: Cluster, tree: Path
) -> None:
    async with App(load_settings(environ={**environ, "POOL_MAX_SIZE": "3"})) as app:
        names = [f"budget {number}" for number in range(12)]
        for name in names:
            await app.index(tree, choices=Choices(project=name))
        async with watched(cluster, "application_name = 'codebase-core'") as counts:
            answers = await asyncio.gather(*(app.search("pool", project=names[i % 12]) for i in range(50)))
        assert all(answer.hits[0].path == "pool.py" for answer in answers)
        assert [answer.project.name for answer in answers] == [names[i % 12] for i in range(50)]
        # Registry and projects are two names of one server, and so share one budget.
        assert 0 < max(counts) <= 3


async def test_the_least_recently_used_connection_goes_first(cluster: Cluster) -> None:
    names = ["postgres", "test_lru_1", "test_lru_2"]
    connection = await cluster.connect()
    for name in names[1:]:
        await connection.execute(f"CREATE DATABASE {name}")
    try:
        async with connections(cluster, size=2) as pool:
            used, unused = [await pool.read(name, backend) for name in names[:2]]
            assert await pool.read(names[0], backend) == used
            await pool.read(names[2], backend)
            assert await pool.read(names[0], backend) == used
            assert await pool.read(names[1], backend) != unused
    finally:
        for name in names[1:]:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


async def test_saturation_is_told_by_the_deadline(cluster: Cluster) -> None:
    async with connections(cluster, size=1, deadline=0.3) as pool, pool.acquire("postgres"):
        loop = asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(ServerBusy, match="all 1 connections are in use") as caught:
            await pool.read("postgres", backend)
        assert 0.25 < loop.time() - began < 1.0
        assert "POOL_MAX_SIZE" in str(caught.value.hint)


async def test_those_who_wait_are_served_in_their_order(cluster: Cluster) -> None:
    served: list[int] = []
    async with connections(cluster, size=1) as pool:

        async def use(number: int) -> None:
            async with pool.acquire("postgres"):
                served.append(number)
                await asyncio.sleep(0)

        async def insist() -> None:
            for _ in range(30):  # comes back at once, again and again
                await use(-1)

        async with pool.acquire("postgres"):
            tasks = [asyncio.create_task(use(number)) for number in range(10)]
            await asyncio.sleep(0)
            tasks.append(asyncio.create_task(insist()))
            await asyncio.sleep(0.05)
        await asyncio.gather(*tasks)
    assert [number for number in served if number >= 0] == list(range(10))
    assert served.index(9) < 20  # the insistent one did not push in every time


async def test_a_waiter_cancelled_as_its_turn_comes_passes_it_on(cluster: Cluster) -> None:
    async with connections(cluster, size=1, deadline=2.0) as pool:
        async with pool.acquire("postgres"):
            first = asyncio.create_task(pool.read("postgres", backend))
            second = asyncio.create_task(pool.read("postgres", backend))
            await asyncio.sleep(0.01)
            asyncio.get_running_loop().call_later(0, first.cancel)
        async with asyncio.timeout(1.0):
            assert await second > 0


Spoil = Callable[[Connection], Awaitable[object]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c.execute("BEGIN; CREATE TEMP TABLE left_over (x int); SELECT pg_sleep(60)"),
        lambda c: c.execute("SET work_mem = '1MB'; SET search_path = nowhere; SELECT pg_sleep(60)"),
        lambda c: c.execute("SELECT pg_advisory_lock(4711); SELECT pg_sleep(60)"),
        lambda c: c.execute("LISTEN something; SELECT pg_sleep(60)"),
    ],
    ids=["transaction", "setting", "lock", "listener"],
)
async def test_a_cancelled_task_gives_its_connection_back_clean(cluster: Cluster, spoil: Spoil) -> None:
    async with connections(cluster, size=1) as pool:

        async def work() -> None:
            async with pool.acquire("postgres") as connection:
                await connection.execute("SELECT 1")
                await spoil(connection)

        task = asyncio.create_task(work())
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        async def left(connection: Connection) -> asyncpg.Record | None:
            assert not connection.is_in_transaction()
            return await connection.fetchrow(
                "SELECT current_setting('search_path') AS path, current_setting('work_mem') AS memory, "
                "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks, "
                "(SELECT count(*) FROM pg_listening_channels()) AS channels, to_regclass('left_over') AS table"
            )

        assert tuple(await pool.read("postgres", left) or ()) == ('"$user", public', "16MB", 0, 0, None)


async def test_behind_a_transaction_pooler_no_session_state_is_set(cluster: Cluster) -> None:
    async with connections(cluster, pooling="transaction") as pool:
        seen: list[str] = []

        async def work(connection: Connection) -> int:
            connection.add_query_logger(lambda record: seen.append(record.query))
            return int(await connection.fetchval("SELECT $1::int + 1", 1))

        assert pool.address.arguments["statement_cache_size"] == 0
        assert pool.address.arguments["server_settings"] == {}
        assert await pool.read("postgres", work) == 2
        assert await pool.read("postgres", backend)
        task = asyncio.create_task(pool.read("postgres", lambda c: c.execute("BEGIN; SELECT pg_sleep(60)")))
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert not await pool.read("postgres", _in_transaction)
    assert not [query for query in seen if "SET" in query or "LISTEN" in query or "advisory" in query]


async def _in_transaction(connection: Connection) -> bool:
    return connection.is_in_transaction()


async def test_connections_that_nobody_comes_for_again_are_closed(cluster: Cluster) -> None:
    async with connections(cluster, size=5, spare=1, idle_seconds=0.2) as opened:
        all_have_one = asyncio.Barrier(5)

        async def ask() -> None:
            async with opened.acquire("postgres"):
                await all_have_one.wait()

        await asyncio.gather(*(ask() for _ in range(5)))
        assert opened.limit.open == 5
        async with asyncio.timeout(10):
            while opened.limit.open > 1:  # noqa: ASYNC110 - time passes
                await asyncio.sleep(0.05)
        assert await opened.read("postgres", backend) > 0
