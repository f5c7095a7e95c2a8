"""Synchronous work: it counts against the limit, ends when it is cancelled, and its errors are those of the data path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from codebase_core_hookspecs import Server
from codebase_core_postgres.connection.address import parse
from codebase_core_postgres.connection.administration import AdminConnection, value
from codebase_core_postgres.connection.pool import ConnectionLimit, ConnectionPool

from codebase_core.errors import CodebaseCoreError, NotProvisioned, ServerBusy, ServerUnavailable

from .conftest import Cluster

pytestmark = pytest.mark.any_store


@asynccontextmanager
async def pool_of(url: str, *, size: int = 2, deadline: float = 0.3) -> AsyncIterator[ConnectionPool]:
    server = Server(name="tested", url=url)
    pool = ConnectionPool(parse(server, url, {}), limit=ConnectionLimit(size), spare=1, deadline=deadline)
    try:
        yield pool
    finally:
        await pool.aclose()


def _backend(connection: AdminConnection) -> Any:
    return value(connection, "SELECT pg_backend_pid()")


async def test_it_counts_against_the_limit_and_takes_the_room_of_an_idle_connection(cluster: Cluster) -> None:
    async with pool_of(cluster.url("postgres"), size=1) as pool:
        async with pool.acquire("postgres"):
            with pytest.raises(ServerBusy, match="all 1 connections are in use"):
                await pool.administer("postgres", _backend)
        assert pool.limit.open == 1  # idle
        assert await pool.administer("postgres", _backend)
        assert (pool.limit.open, len(pool.limit.idle)) == (0, 0)


async def test_cancelled_work_ends_its_statement_and_then_gives_its_place_back(cluster: Cluster) -> None:
    running = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)' AND state = 'active'"
    observer = await cluster.connect()
    try:
        async with pool_of(cluster.url("postgres"), size=1) as pool:
            task = asyncio.create_task(pool.administer("postgres", lambda c: value(c, "SELECT pg_sleep(3600)")))
            while not await observer.fetchval(running):  # noqa: ASYNC110 - only the server knows
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await observer.fetchval(running) == 0
            assert await pool.administer("postgres", _backend)
    finally:
        await observer.close()


async def test_a_refused_connection_says_why(cluster: Cluster) -> None:
    async with pool_of(cluster.url("postgres")) as pool:
        with pytest.raises(NotProvisioned, match='"nowhere" does not exist'):
            await pool.administer("nowhere", _backend)
    async with pool_of("postgresql://somebody@127.0.0.1:1/postgres?connect_timeout=1") as pool:
        with pytest.raises(ServerUnavailable, match="cannot reach server 'tested'"):
            await pool.administer("postgres", _backend)


async def test_errors_of_statements_are_told_by_their_sqlstate(cluster: Cluster) -> None:
    async with pool_of(cluster.url("postgres")) as pool:
        with pytest.raises(CodebaseCoreError, match="SQLSTATE 22012"):
            await pool.administer("postgres", lambda c: value(c, "SELECT 1 / 0"))
        with pytest.raises(NotProvisioned):
            await pool.administer("postgres", lambda c: value(c, "SELECT FROM no_such_table"))
        with pytest.raises(ServerUnavailable, match="shutting down"):
            await pool.administer("postgres", lambda c: value(c, "SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_settings_in_a_url_reach_the_server_as_on_the_data_path(cluster: Cluster) -> None:
    async with pool_of(f"{cluster.url('postgres')}&work_mem=12MB&search_path=%22odd%20name%22,b") as pool:
        shown = "SELECT current_setting('work_mem') || current_setting('search_path') || current_setting('application_name')"
        expected = await pool.read("postgres", lambda c: c.fetchval(shown))
        assert expected.startswith("12MB")
        assert await pool.administer("postgres", lambda c: value(c, shown)) == expected
