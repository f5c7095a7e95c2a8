"""The two isolation strategies: a database or a schema for each project. Everything above this file is the same SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

import asyncpg
from codebase_core_hookspecs import Binding, NotOwned, ProvisionError

from codebase_core_postgres.connection.databases import create_database
from codebase_core_postgres.project.namespace import Namespace, mark, mark_next, owner
from codebase_core_postgres.sql.identifiers import literal, quote, short, slug

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_postgres.connection.pool import Connection, ConnectionPool
    from codebase_core_postgres.connection.servers import Servers


class Isolation(Protocol):
    """How namespaces are named, made, listed and removed.

    ``own_database`` says that a project's database is its own, so that the mark on it covers all that it holds.
    """

    name: str
    own_database: bool

    def plan(self, project: UUID, name: str, *, server: str, attempt: int) -> Binding:
        """Name a namespace."""
        ...

    async def make(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Make sure that the namespace's database exists and is ours."""
        ...

    async def remove(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Remove the namespace; raise NotOwned if it lacks the mark."""
        ...

    async def namespaces(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Return the marked namespaces of a server, (database, schema) to project."""
        ...


class DatabasePerProject:
    """A database of its own for each project: ``cb_proj_{slug}_{8 hex}``, schema ``codebase``."""

    name = "postgres-database"
    own_database = True
    schema = "codebase"

    def plan(self, project: UUID, name: str, *, server: str, attempt: int) -> Binding:  # noqa: ARG002 - ids differ anyway
        """Name a database after project and id."""
        location = {"database": f"cb_proj_{slug(name)}_{short(project)}", "schema": self.schema}
        return Binding(store=self.name, server=server, location=location)

    async def make(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Create the database and mark it; an unmarked one is taken over only if it holds nothing."""
        pool = await servers.get(namespace.server, admin=True)
        async with pool.acquire(pool.address.database) as connection:
            found, comment = await _database(connection, namespace.database)
            if not found:
                # Somebody else may have been faster, with a database of the same name.
                found = not await self._create(connection, namespace, owner_role=await _role(servers, namespace.server))
            elif owner(comment) == project:
                return
            elif comment is not None:
                raise _not_owned(f"database {namespace.database!r}", project)
        if found:
            await self._check_empty(namespace, project, pool)
        async with pool.acquire(pool.address.database) as connection:
            await connection.execute(f"COMMENT ON DATABASE {quote(namespace.database)} IS{literal(mark(project))}")

    async def _create(self, connection: Connection, namespace: Namespace, *, owner_role: str | None) -> bool:
        role = await connection.fetchval("SELECT current_user")
        try:
            return await create_database(connection, namespace.database, owner=owner_role)
        except asyncpg.InsufficientPrivilegeError as exc:
            sql = f"ALTER ROLE {quote(role)} CREATEDB;"
            raise ProvisionError(
                f"role {role!r} may not create databases on server {namespace.server!r}",
                hint=f"an administrator runs once: {sql} (or use --store postgres-schema)",
                sql=sql,
            ) from exc

    async def _check_empty(self, namespace: Namespace, project: UUID, pool: ConnectionPool) -> None:
        async with pool.acquire(namespace.database) as connection:
            tables = await connection.fetchval(
                "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
                "WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'"
            )
            _, comment = await _database(connection, namespace.database)
        if tables and owner(comment) != project:  # else another process has made it meanwhile
            raise _not_owned(f"database {namespace.database!r}", project)

    async def remove(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Drop the database, also under connections that are still open.

        One that lacks any mark and holds nothing was made for this project and the making cut short: it is taken over first.
        """
        pool = await servers.get(namespace.server, admin=True)
        async with pool.acquire(pool.address.database) as connection:
            found, comment = await _database(connection, namespace.database)
        if not found:
            return
        if comment is None:
            await self.make(namespace, project, servers)
        elif owner(comment) != project:
            raise _not_owned(f"database {namespace.database!r}", project)
        async with pool.acquire(pool.address.database) as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {quote(namespace.database)} WITH (FORCE)")

    async def namespaces(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Read the marks of all databases."""
        pool = await servers.get(server)
        async with pool.acquire(pool.address.database) as connection:
            rows = await connection.fetch(
                "SELECT datname, shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE NOT datistemplate"
            )
        return _owned(((row["datname"], self.schema), row["comment"]) for row in rows)


class SchemaPerProject:
    """A schema of its own for each project in the server's database: ``project_{slug}``."""

    name = "postgres-schema"
    own_database = False

    def __init__(self, databases: Mapping[str, str]) -> None:
        self._databases = databases

    def plan(self, project: UUID, name: str, *, server: str, attempt: int) -> Binding:
        """Name a schema after the project; from the second attempt on with its id."""
        schema = f"project_{slug(name)}" + (f"_{short(project)}" if attempt else "")
        return Binding(store=self.name, server=server, location={"database": self._databases[server], "schema": schema})

    async def make(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Nothing to do: the server's database exists, and the schema is made with its tables."""

    async def remove(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Drop the schema with everything in it, and an unfinished next generation's."""
        pool = await servers.get(namespace.server)
        async with pool.acquire(namespace.database) as connection:
            found, comment = await schema_comment(connection, namespace.schema)
            if found and owner(comment) != project:
                raise _not_owned(f"schema {namespace.schema!r} in database {namespace.database!r}", project)
            _, comment = await schema_comment(connection, namespace.next.schema)
            if comment == mark_next(project):
                await connection.execute(f"DROP SCHEMA IF EXISTS {quote(namespace.next.schema)} CASCADE")
            await connection.execute(f"DROP SCHEMA IF EXISTS {quote(namespace.schema)} CASCADE")

    async def namespaces(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Read the marks of all schemas of the server's database."""
        pool = await servers.get(server)
        database = pool.address.database
        async with pool.acquire(database) as connection:
            rows = await connection.fetch(
                "SELECT nspname, obj_description(oid, 'pg_namespace') AS comment "
                "FROM pg_namespace WHERE nspname LIKE 'project\\_%'"
            )
        return _owned(((database, row["nspname"]), row["comment"]) for row in rows)


def _owned(namespaces: Iterable[tuple[tuple[str, str], str | None]]) -> Mapping[tuple[str, str], UUID]:
    """Return the namespaces whose COMMENT names a project."""
    return {namespace: project for namespace, comment in namespaces if (project := owner(comment)) is not None}


async def _role(servers: Servers, server: str) -> str | None:
    """Return the ordinary role where another one creates databases for it; None where they are the same."""
    ordinary = await servers.get(server)
    if ordinary is await servers.get(server, admin=True):
        return None
    async with ordinary.acquire(ordinary.address.database) as connection:
        return str(await connection.fetchval("SELECT current_user"))


async def schema_comment(connection: Connection, schema: str) -> tuple[bool, str | None]:
    """Return whether a schema exists, and its COMMENT."""
    row = await connection.fetchrow(
        "SELECT obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = $1", schema
    )
    return row is not None, row["comment"] if row else None


async def _database(connection: Connection, name: str) -> tuple[bool, str | None]:
    row = await connection.fetchrow(
        "SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1", name
    )
    return row is not None, row["comment"] if row else None


def _not_owned(what: str, project: UUID) -> NotOwned:
    return NotOwned(
        f"{what} is not marked as project {project}'s and is left alone", hint="codebase-core projects verify"
    )
