"""A database for each project. What creates and drops it loads psycopg, and is imported where it is used."""

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
        from .databases import check_empty, claim, set_mark  # noqa: PLC0415 - loads psycopg

        pool = await servers.get(namespace.server, admin=True)
        database, home = namespace.database, pool.address.database
        role = await _role(servers, namespace.server)
        claimed = await pool.administer(
            home, lambda c: claim(c, database, project, server=namespace.server, owner_role=role)
        )
        if not claimed:
            await pool.administer(database, lambda c: check_empty(c, database, project))
            await pool.administer(home, lambda c: set_mark(c, database, project))

    async def remove(self, namespace: Namespace, project: UUID, servers: Servers) -> None:
        """Drop the database, also under connections that are still open.

        One that lacks any mark and holds nothing was made for this project and the making cut short: it is taken over first.
        """
        from .databases import drop_database, is_removable  # noqa: PLC0415 - loads psycopg

        pool = await servers.get(namespace.server, admin=True)
        database, home = namespace.database, pool.address.database
        removable = await pool.administer(home, lambda c: is_removable(c, database, project))
        if removable is None:
            return
        if not removable:
            await self.make(namespace, project, servers)
        await pool.administer(home, lambda c: drop_database(c, database))

    async def namespaces(self, server: str, servers: Servers) -> Mapping[tuple[str, str], UUID]:
        """Read the marks of all databases."""
        pool = await servers.get(server)
        async with pool.acquire(pool.address.database) as connection:
            rows = await connection.fetch(query("catalog.databases"))
        return owned(((row["name"], self.schema), row["comment"]) for row in rows)


async def _role(servers: Servers, server: str) -> str | None:
    """Return the ordinary role where another one creates databases for it; None where they are the same."""
    ordinary = await servers.get(server)
    if ordinary is await servers.get(server, admin=True):
        return None
    async with ordinary.acquire(ordinary.address.database) as connection:
        return str(await connection.fetchval(query("catalog.role")))
