"""The tables of a project, by name, and what the catalog says of them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import numbered, query, template

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection

    from .namespace import Namespace


_CREATED = re.compile(r"^CREATE TABLE \{s\}\.(\w+)", re.MULTILINE)


@cache
def tables(format_version: int | None = None) -> tuple[str, ...]:
    """Return the names, of a format or the newest, in the order in which the tables are made: referring ones come later."""
    if format_version is None:
        return tuple(_CREATED.findall(template("project")))
    made = [name for number, name in numbered("project") if number <= format_version]
    return tuple(name for each in made for name in _CREATED.findall(template(each)))


async def columns(connection: Connection, namespace: Namespace, table: str) -> list[str]:
    """Return the columns of a table that hold what was stored, by name."""
    rows = await connection.fetch(query("catalog.columns"), f"{quote(namespace.schema)}.{quote(table)}")
    return [row["attname"] for row in rows]


async def is_whole(connection: Connection, schema: str) -> bool:
    """Tell whether all tables of a project and its manifest are there."""
    found = {row["name"] for row in await connection.fetch(query("catalog.tables"), schema)}
    if "manifest" not in found:
        return False
    format_version = await connection.fetchval(query("manifest.format", schema=schema))
    return format_version is not None and set(tables(format_version)) <= found


async def vector_schema(connection: Connection) -> str | None:
    """Return the schema that pgvector is installed in, None if this database lacks it."""
    found: str | None = await connection.fetchval(query("catalog.vector_schema"))
    return found
