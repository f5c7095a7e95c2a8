"""Every way to lose a connection costs one retry of what may be repeated; a server that is not there is told at once."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import asyncpg
import pytest
from codebase_core_hookspecs import Server
from codebase_core_postgres.connection.address import parse
from codebase_core_postgres.connection.disconnect import cancel_on_disconnect
from codebase_core_postgres.connection.pool import Connection, ConnectionLimit, ConnectionPool

from codebase_core.app import App
from codebase_core.errors import CodebaseCoreError, ServerUnavailable

from .conftest import Cluster
from .test_connections import backend, connections

pytestmark = pytest.mark.any_store

LOST: list[type[Exception]] = [
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionResetError,
    FileNotFoundError,
]


@pytest.mark.parametrize("error", LOST, ids=lambda error: error.__name__)
async def test_every_way_to_lose_a_connection_costs_one_retry(cluster: Cluster, error: type[Exception]) -> None:
    attempts = 0

    async def work(connection: Connection) -> int:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise error("gone")
        return await backend(connection)

    async with connections(cluster) as pool:
        assert await pool.read("postgres", work) > 0
        with pytest.raises(CodebaseCoreError):
            await pool.read("postgres", lambda _: _failing(error))


async def _failing(error: type[Exception]) -> int:
    raise error("gone for good")


async def test_a_retry_takes_no_connection_that_another_task_gives_back(cluster: Cluster) -> None:
    """It may be from before the restart, too."""
    others: list[asyncio.Task[int]] = []

    async def work(connection: Connection) -> int:
        if not others:
            others.append(asyncio.create_task(pool.read("postgres", backend)))
            await asyncio.sleep(0)  # now it waits for the only connection
            raise ConnectionResetError("gone")
        return await backend(connection)

    async with connections(cluster, size=1) as pool:
        pid = await pool.read("postgres", work)
        assert pid != await others[0]


async def test_killed_sessions_cost_one_retry(app: App, cluster: Cluster, tree: Path) -> None:
    await app.index(tree)
    killer = await cluster.connect()
    for _ in range(5):
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'codebase-core'"
        )
        answers = await asyncio.gather(*(app.search("pool", path=tree) for _ in range(5)))
        assert all(answer.hits for answer in answers)
    await killer.close()


async def test_a_server_that_is_not_there_is_told_at_once(cluster: Cluster, tmp_path: Path) -> None:
    server = Server(name="away", url=f"postgresql://me@/db?host={tmp_path}")
    pool = ConnectionPool(parse(server, str(server.url), {}), limit=ConnectionLimit(2), spare=1, deadline=10.0)
    with pytest.raises(ServerUnavailable, match="cannot reach server 'away'"):
        await pool.read("db", backend)
    assert pool.limit.open == 0


async def test_what_is_given_up_with_its_connection_fails_in_silence(cluster: Cluster) -> None:
    """Its own error came to stderr as a traceback, after the one that says what happened."""
    connection = await cluster.connect()
    noise: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: noise.append(context))

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise asyncpg.InterfaceError("cannot leave a transaction: the connection is closed") from None

    waiting = asyncio.create_task(cancel_on_disconnect(connection, work()))
    await asyncio.sleep(0)
    connection.terminate()
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await waiting
    del waiting
    gc.collect()
    await asyncio.sleep(0)

    assert noise == []
