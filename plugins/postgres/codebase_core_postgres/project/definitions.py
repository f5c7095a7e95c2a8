"""Definitions by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Definition

from .encoding import array_text
from .filters import arguments
from .symbols import one, symbols

if TYPE_CHECKING:
    from codebase_core_hookspecs import DefinitionQuery

    from codebase_core_postgres.connection.pool import Connection

_LAST = "\U0010ffff"
"""Comes after every other character in the byte order of UTF-8, which names are stored in."""


async def definitions(
    connection: Connection, schema: str, query: DefinitionQuery, *, format_version: int
) -> Sequence[Definition]:
    """Look names up; ``schema`` is quoted, ``format_version`` is that of the project's tables."""
    name = query.name.lower()
    rows = await connection.fetch(
        f"SELECT r.name AS repository, f.path, array_to_string(f.roles, ' ') AS roles, {one(format_version)}::text AS symbol "
        f"FROM {schema}.symbols AS y JOIN {schema}.code_chunks AS c ON c.id = y.chunk_id "
        f"JOIN {schema}.code_files AS f ON f.id = c.file_id JOIN {schema}.repositories AS r ON r.id = f.repository_id "
        "WHERE y.name_folded BETWEEN $1::text AND $2::text AND ($3::text IS NULL OR y.kind = ANY ($3::text::text[])) "
        "AND ($4::text IS NULL OR r.name = ANY ($4::text::text[])) "
        "AND ($5::text IS NULL OR f.language = ANY ($5::text::text[])) "
        "AND ($6::text IS NULL OR f.path ~ ANY ($6::text::text[])) "
        "AND ($7::text IS NULL OR NOT f.roles && $7::text::text[]) "
        "ORDER BY y.weak, y.local, r.name, f.path, y.line, y.ordinal LIMIT $8::int",
        name,
        name + _LAST if query.prefix else name,
        array_text(sorted(query.kinds)) if query.kinds else None,
        *arguments(query.filters),
        query.limit,
    )
    return [
        Definition(
            symbol=symbols(f"[{row['symbol']}]")[0],
            repository=row["repository"],
            path=row["path"],
            roles=frozenset(row["roles"].split()),
        )
        for row in rows
    ]
