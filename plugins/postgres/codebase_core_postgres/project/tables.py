"""The tables of a project, by name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import template

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection

    from .namespace import Namespace


@cache
def tables() -> tuple[str, ...]:
    """Return the names in the order in which the tables are made: what refers to another comes after it."""
    return tuple(re.findall(r"^CREATE TABLE \{s\}\.(\w+)", template("project"), re.MULTILINE))


async def columns(connection: Connection, namespace: Namespace, table: str) -> list[str]:
    """Return the columns of a table that hold what was stored, by name."""
    rows = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attname",
        f"{quote(namespace.schema)}.{quote(table)}",
    )
    return [row["attname"] for row in rows]
