"""A schema for each project in one database. What drops it loads psycopg, and is imported where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Binding

from codebase_core_postgres.sql.identifiers import short, slug
from codebase_core_postgres.sql.loader import query

from .ownership import owned

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_postgres.connection.servers import Servers
    from codebase_core_postgres.project.namespace import Namespace


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
        from .schemas import remove_schema  # noqa: PLC0415 - loads psycopg

        pool = await servers.get(namespace.server)
        await pool.administer(namespace.database, lambda c: remove_schema(c, namespace, project))

    async def namespaces(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Read the marks of all schemas of the server's database."""
        pool = await servers.get(server)
        database = pool.address.database
        async with pool.acquire(database) as connection:
            rows = await connection.fetch(query("catalog.schemas"))
        return owned(((database, row["name"]), row["comment"]) for row in rows)
