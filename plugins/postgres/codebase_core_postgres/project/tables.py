"""The tables of a project, by name, and what the catalog says of them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query, template

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection

    from .namespace import Namespace


@cache
def tables() -> tuple[str, ...]:
    """Return the names in the order in which the tables are made: what refers to another comes after it."""
    return tuple(re.findall(r"^CREATE TABLE \{s\}\.(\w+)", template("project"), re.MULTILINE))


async def columns(connection: Connection, namespace: Namespace, table: str) -> list[str]:
    """Return the columns of a table that hold what was stored, by name."""
    rows = await connection.fetch(query("catalog.columns"), f"{quote(namespace.schema)}.{quote(table)}")
    return [row["attname"] for row in rows]


async def is_whole(connection: Connection, schema: str) -> bool:
    """Tell whether all tables of a project and its manifest are there."""
    found = {row["name"] for row in await connection.fetch(query("catalog.tables"), schema)}
    return set(tables()) <= found and bool(await connection.fetchval(query("manifest.exists", schema=schema)))


async def vector_schema(connection: Connection) -> str | None:
    """Return the schema that pgvector is installed in, None if this database lacks it."""
    found: str | None = await connection.fetchval(query("catalog.vector_schema"))
    return found
