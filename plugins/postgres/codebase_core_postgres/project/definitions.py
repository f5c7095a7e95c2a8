"""Definitions by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Definition

from codebase_core_postgres.sql.loader import query

from .encoding import array_text
from .filters import arguments
from .symbols import end_line, symbols

if TYPE_CHECKING:
    from codebase_core_hookspecs import DefinitionQuery

    from codebase_core_postgres.connection.pool import Connection

    from .sides import Relations

_LAST = "\U0010ffff"
"""Comes after every other character in the byte order of UTF-8, which names are stored in."""


async def definitions(
    connection: Connection, schema: str, wanted: DefinitionQuery, *, format_version: int, relations: Relations
) -> Sequence[Definition]:
    """Look names up; ``format_version`` is that of the project's tables."""
    name = wanted.name.lower()
    begin = name.partition("*")[0] if wanted.pattern else name
    rows = await connection.fetch(
        query(
            "definitions",
            schema=schema,
            end_line=end_line(format_version),
            symbols=relations.symbols,
            defined_in=relations.defined_in,
        ),
        begin,
        begin + _LAST if wanted.prefix or wanted.pattern else begin,
        array_text(sorted(wanted.kinds)) if wanted.kinds else None,
        *arguments(wanted.filters),
        wanted.limit,
        array_text(sorted({other.lower() for other in wanted.also})),
        re.sub(r"([\\%_])", r"\\\1", name).replace("*", "%") if wanted.pattern else "%",
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
