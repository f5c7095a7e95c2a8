"""The database that holds the registry: found, or made on the first write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import asyncpg
from codebase_core_hookspecs import NotProvisioned, Problem, ProvisionError

from codebase_core_postgres.sql.loader import query

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection, ConnectionPool
    from codebase_core_postgres.connection.servers import Servers

DATABASE = "codebase_mcp_registry"
_FAILURES = (asyncpg.InvalidCatalogNameError, asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)


class RegistryDatabase:
    """Read without creating anything; the first change makes database and schema.

    ``database`` is None where settings name a server and not a database of its own for the registry.
    """

    def __init__(self, servers: Servers, *, server: str, database: str | None) -> None:
        self._servers = servers
        self._server = server
        self.name = database or DATABASE
        self._ready: set[str] = set()

    async def pool(self) -> ConnectionPool:
        """Return the connections of the registry's server."""
        return await self._servers.get(self._server)

    async def fetch(self, sql: str, *arguments: object) -> Sequence[asyncpg.Record]:
        """Run a query; a registry that does not exist yet holds nothing."""
        pool = await self.pool()

        async def work(connection: Connection) -> Sequence[asyncpg.Record]:
            return await connection.fetch(sql, *arguments)

        try:
            return await pool.read(self.name, work)
        except (NotProvisioned, ProvisionError) as exc:
            if isinstance(exc.__cause__, _FAILURES):
                return ()
            raise

    @asynccontextmanager
    async def changing(self, *, table: str = "projects") -> AsyncIterator[Connection]:
        """Lend a connection in a transaction; makes the registry, or a table that it had not before, if need be."""
        pool = await self.pool()
        if table not in self._ready:
            await self._make(pool, table)
            self._ready.add(table)
        async with pool.acquire(self.name) as connection, connection.transaction():
            yield connection

    async def _make(self, pool: ConnectionPool, table: str) -> None:
        with suppress(NotProvisioned):
            if not await pool.read(self.name, lambda connection: _exists(connection, table)):
                await self._make_schema(pool)
            return
        from .provisioning import make_database  # noqa: PLC0415 - loads psycopg

        await pool.administer(pool.address.database, lambda c: make_database(c, self.name, server=self._server))
        await self._make_schema(pool)

    async def _make_schema(self, pool: ConnectionPool) -> None:
        from .provisioning import make_schema  # noqa: PLC0415 - loads psycopg

        await pool.administer(self.name, lambda c: make_schema(c, self.name))

    async def check(self) -> Sequence[Problem]:
        """Say what an administrator has to run before the registry can be made; nothing is created."""
        from .provisioning import missing_database, missing_schema  # noqa: PLC0415 - loads psycopg

        pool = await self.pool()
        try:
            lack = await pool.administer(self.name, lambda c: missing_schema(c, self.name))
        except NotProvisioned:
            lack = await pool.administer(
                pool.address.database, lambda c: missing_database(c, self.name, server=self._server)
            )
        if lack is None:
            return ()
        return [Problem(kind="rights", where=f"server {self._server}", message=lack.message, sql=lack.sql)]

    async def aclose(self) -> None:
        """Close the connections of the registry's server."""
        await self._servers.aclose()


async def _exists(connection: Connection, table: str) -> bool:
    return any(row["name"] == table for row in await connection.fetch(query("catalog.tables"), "codebase_core"))
