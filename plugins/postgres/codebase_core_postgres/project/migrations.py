"""Numbered migrations: from the format that a project has to the newest one, expand-only."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING, Literal

from codebase_core_postgres import sql
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import statement

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection

    from .namespace import Namespace


def numbered(kind: Literal["project", "registry"]) -> Iterator[tuple[int, str]]:
    """Return (number, name of the statement) of every migration, in order."""
    folder = resources.files(sql.__name__).joinpath("migrations", kind)
    for name in sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql")):
        yield int(name.partition("_")[0]), f"migrations/{kind}/{name.removesuffix('.sql')}"


async def migrate(connection: Connection, namespace: Namespace, *, vector: str) -> None:
    """Apply what a project lacks, each migration in a transaction of its own; concurrent calls wait for each other."""
    schema = quote(namespace.schema)
    for number, name in numbered("project"):
        async with connection.transaction():
            current = await connection.fetchval(f"SELECT format FROM {schema}.manifest FOR UPDATE")
            if number > current:
                await connection.execute(statement(name, schema=namespace.schema, vector=vector))
                await connection.execute(f"UPDATE {schema}.manifest SET format = $1", number)
