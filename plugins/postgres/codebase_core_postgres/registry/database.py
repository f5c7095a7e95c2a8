"""The database that holds the registry: found, or made on the first write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import asyncpg
from codebase_core_hookspecs import NotProvisioned, Problem, ProvisionError

from codebase_core_postgres.connection.databases import create_database
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import statement

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection, ConnectionPool
    from codebase_core_postgres.connection.servers import Servers

DATABASE = "codebase_mcp_registry"
_LOCK = 0x72656769
_FAILURES = (asyncpg.InvalidCatalogNameError, asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)


class RegistryDatabase:
    """Read without creating anything; the first change makes database and schema.

    ``database`` is None where settings name a server and not a database of its own for the registry.
    """

    def __init__(self, servers: Servers, *, server: str, database: str | None) -> None:
        self._servers = servers
        self._server = server
        self.name = database or DATABASE
        self._ready = False

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
    async def changing(self) -> AsyncIterator[Connection]:
        """Lend a connection in a transaction; makes the registry if need be."""
        pool = await self.pool()
        if not self._ready:
            await self._make(pool)
            self._ready = True
        async with pool.acquire(self.name) as connection, connection.transaction():
            yield connection

    async def _make(self, pool: ConnectionPool) -> None:
        with suppress(NotProvisioned):
            async with pool.acquire(self.name) as connection:
                await self._make_schema(connection)
                return
        await self._make_database(pool)
        async with pool.acquire(self.name) as connection:
            await self._make_schema(connection)

    async def check(self) -> Sequence[Problem]:
        """Say what an administrator has to run before the registry can be made; nothing is created."""
        pool = await self.pool()
        try:
            async with pool.acquire(self.name) as connection:
                role, may = await _may(connection, "has_database_privilege(current_database(), 'CREATE')")
                lack = None if may or await _exists(connection) else self._no_schema(role)
        except NotProvisioned:
            async with pool.acquire(pool.address.database) as connection:
                role, may = await _may(
                    connection, "(SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user)"
                )
                lack = None if may else self._no_database(role)
        if lack is None:
            return ()
        return [Problem(kind="rights", where=f"server {self._server}", message=lack.message, sql=lack.sql)]

    async def _make_database(self, pool: ConnectionPool) -> None:
        async with pool.acquire(pool.address.database) as connection:
            role = await connection.fetchval("SELECT current_user")
            try:
                await create_database(connection, self.name)
            except asyncpg.InsufficientPrivilegeError as exc:
                raise self._no_database(role) from exc

    def _no_database(self, role: str) -> ProvisionError:
        sql = f"CREATE DATABASE {quote(self.name)} OWNER {quote(role)};"
        return ProvisionError(
            f"the registry has no database on server {self._server!r} and role {role!r} may not create one",
            hint=f"an administrator runs once: {sql} (or set REGISTRY_DATABASE_URL)",
            sql=sql,
        )

    async def _make_schema(self, connection: Connection) -> None:
        if await _exists(connection):
            return
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            if await _exists(connection):
                return
            role = await connection.fetchval("SELECT current_user")
            try:
                await connection.execute(statement("registry"))
            except asyncpg.InsufficientPrivilegeError as exc:
                raise self._no_schema(role) from exc

    def _no_schema(self, role: str) -> ProvisionError:
        sql = f"GRANT CREATE ON DATABASE {quote(self.name)} TO {quote(role)};"
        return ProvisionError(
            f"role {role!r} may not create the registry's schema in database {self.name!r}",
            hint=f"an administrator runs once: {sql}",
            sql=sql,
        )

    async def aclose(self) -> None:
        """Close the connections of the registry's server."""
        await self._servers.aclose()


async def _exists(connection: Connection) -> bool:
    # A scan of the catalog: to_regclass could still answer from before another process committed.
    tables = "SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'codebase_core' AND tablename = 'projects'"
    return bool(await connection.fetchval(f"SELECT EXISTS ({tables})"))


async def _may(connection: Connection, right: str) -> tuple[str, bool]:
    """Return the role of a connection, and whether it has a right, an SQL expression."""
    row = await connection.fetchrow(f"SELECT current_user AS role, {right} AS may")
    assert row is not None  # noqa: S101 - no FROM, one row
    return row["role"], row["may"]
