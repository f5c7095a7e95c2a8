"""Where a project is on the session's server, for tests that break it there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from codebase_core_postgres.sql.identifiers import quote

if TYPE_CHECKING:
    import asyncpg
    from codebase_core_hookspecs import Binding

    from .conftest import Cluster


def is_database(binding: Binding) -> bool:
    """Whether the project has a database of its own."""
    return binding.store == "postgres-database"


def place_of(binding: Binding) -> str:
    """Return the project's place as SQL names it: ``DATABASE "x"`` or ``SCHEMA "x"``."""
    location = binding.location
    return f"DATABASE {quote(location['database'])}" if is_database(binding) else f"SCHEMA {quote(location['schema'])}"


@asynccontextmanager
async def administering(
    cluster: Cluster, binding: Binding, *, inside: bool = False
) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Connect as superuser: to where the place can be made and dropped, or ``inside`` the project's database."""
    outside = is_database(binding) and not inside
    connection = await cluster.connect("postgres" if outside else binding.location["database"])
    try:
        yield connection
    finally:
        await connection.close(timeout=5)
