"""The two isolation strategies: a database or a schema for each project. Everything above this file is the same SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

import asyncpg
from codebase_core_hookspecs import Binding, NotOwned, ProvisionError

from codebase_core_postgres.connection.databases import create_database
from codebase_core_postgres.project.place import Place, mark, mark_next, owner
from codebase_core_postgres.sql.identifiers import literal, quote, short, slug

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_postgres.connection.pool import Connection, Connections
    from codebase_core_postgres.connection.servers import Servers


class Isolation(Protocol):
    """How places are named, made, listed and removed.

    ``own_database`` says that a project's database is its own, so that the mark on it covers all that it holds.
    """

    name: str
    own_database: bool

    def plan(self, project: UUID, name: str, *, server: str, attempt: int) -> Binding:
        """Name a place."""
        ...

    async def make(self, place: Place, project: UUID, servers: Servers) -> None:
        """Make sure that the place's database exists and is ours."""
        ...

    async def remove(self, place: Place, project: UUID, servers: Servers) -> None:
        """Remove the place; raise NotOwned if it lacks the mark."""
        ...

    async def places(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Return the marked places of a server, (database, schema) to project."""
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

    async def make(self, place: Place, project: UUID, servers: Servers) -> None:
        """Create the database and mark it; an unmarked one is taken over only if it holds nothing."""
        connections = await servers.get(place.server, admin=True)
        async with connections.lend(connections.address.database) as connection:
            found, comment = await _database(connection, place.database)
            if not found:
                # Somebody else may have been faster, with a database of the same name.
                found = not await self._create(connection, place, owner_role=await _role(servers, place.server))
            elif owner(comment) == project:
                return
            elif comment is not None:
                raise _not_owned(f"database {place.database!r}", project)
        if found:
            await self._check_empty(place, project, connections)
        async with connections.lend(connections.address.database) as connection:
            await connection.execute(f"COMMENT ON DATABASE {quote(place.database)} IS{literal(mark(project))}")

    async def _create(self, connection: Connection, place: Place, *, owner_role: str | None) -> bool:
        role = await connection.fetchval("SELECT current_user")
        try:
            return await create_database(connection, place.database, owner=owner_role)
        except asyncpg.InsufficientPrivilegeError as exc:
            sql = f"ALTER ROLE {quote(role)} CREATEDB;"
            raise ProvisionError(
                f"role {role!r} may not create databases on server {place.server!r}",
                hint=f"an administrator runs once: {sql} (or use --store postgres-schema)",
                sql=sql,
            ) from exc

    async def _check_empty(self, place: Place, project: UUID, connections: Connections) -> None:
        async with connections.lend(place.database) as connection:
            tables = await connection.fetchval(
                "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
                "WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'"
            )
            _, comment = await _database(connection, place.database)
        if tables and owner(comment) != project:  # else another process has made it meanwhile
            raise _not_owned(f"database {place.database!r}", project)

    async def remove(self, place: Place, project: UUID, servers: Servers) -> None:
        """Drop the database, also under connections that are still open.

        One that lacks any mark and holds nothing was made for this project and the making cut short: it is taken over first.
        """
        connections = await servers.get(place.server, admin=True)
        async with connections.lend(connections.address.database) as connection:
            found, comment = await _database(connection, place.database)
        if not found:
            return
        if comment is None:
            await self.make(place, project, servers)
        elif owner(comment) != project:
            raise _not_owned(f"database {place.database!r}", project)
        async with connections.lend(connections.address.database) as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {quote(place.database)} WITH (FORCE)")

    async def places(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Read the marks of all databases."""
        connections = await servers.get(server)
        async with connections.lend(connections.address.database) as connection:
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

    async def make(self, place: Place, project: UUID, servers: Servers) -> None:
        """Nothing to do: the server's database exists, and the schema is made with its tables."""

    async def remove(self, place: Place, project: UUID, servers: Servers) -> None:
        """Drop the schema with everything in it, and an unfinished next generation's."""
        connections = await servers.get(place.server)
        async with connections.lend(place.database) as connection:
            found, comment = await schema_comment(connection, place.schema)
            if found and owner(comment) != project:
                raise _not_owned(f"schema {place.schema!r} in database {place.database!r}", project)
            _, comment = await schema_comment(connection, place.next.schema)
            if comment == mark_next(project):
                await connection.execute(f"DROP SCHEMA IF EXISTS {quote(place.next.schema)} CASCADE")
            await connection.execute(f"DROP SCHEMA IF EXISTS {quote(place.schema)} CASCADE")

    async def places(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Read the marks of all schemas of the server's database."""
        connections = await servers.get(server)
        database = connections.address.database
        async with connections.lend(database) as connection:
            rows = await connection.fetch(
                "SELECT nspname, obj_description(oid, 'pg_namespace') AS comment "
                "FROM pg_namespace WHERE nspname LIKE 'project\\_%'"
            )
        return _owned(((database, row["nspname"]), row["comment"]) for row in rows)


def _owned(places: Iterable[tuple[tuple[str, str], str | None]]) -> Mapping[tuple[str, str], UUID]:
    """Return the places whose COMMENT names a project."""
    return {place: project for place, comment in places if (project := owner(comment)) is not None}


async def _role(servers: Servers, server: str) -> str | None:
    """Return the ordinary role where another one creates databases for it; None where they are the same."""
    ordinary = await servers.get(server)
    if ordinary is await servers.get(server, admin=True):
        return None
    async with ordinary.lend(ordinary.address.database) as connection:
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
