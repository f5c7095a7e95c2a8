"""Texts: of the chunks that are shown, and of whole files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from codebase_core_hookspecs import ChunkId, Passage, Span, StoredChunk, StoredFile, Symbol

from codebase_core_postgres.sql.loader import query

from .encoding import array_text
from .file_states import file_state, state_columns
from .manifests import check_generation
from .symbols import end_line, symbols

if TYPE_CHECKING:
    import asyncpg

    from codebase_core_postgres.connection.pool import Connection

    from .sides import Relations


OPENING_LINES = 8
"""A signature takes no more."""


class _Opening(TypedDict, total=False):
    within: Symbol
    opening: tuple[str, ...]


async def passages(
    connection: Connection,
    schema: str,
    ids: Sequence[ChunkId],
    *,
    format_version: int,
    generation: int,
    relations: Relations,
) -> Mapping[ChunkId, Passage]:
    """Return passages by chunk id; Ids that vanished are absent; those of another generation raise."""
    rows = await connection.fetch(
        _query("passages.passages", schema, format_version, relations),
        "{" + ",".join(map(str, ids)) + "}",
    )
    check_generation(rows, generation)
    return {
        ChunkId(row["id"]): Passage(
            text=row["text"], symbols=symbols(row["symbols"]), file=file_state(row), **_opening(row["opening"])
        )
        for row in rows
        if row["id"] is not None
    }


def _opening(stored: str | None) -> _Opening:
    """Read the definition around a chunk, and the lines with which it begins, out of the chunk that holds them."""
    if stored is None:
        return {}
    start_line, text, values = json.loads(stored)
    (within,) = symbols(json.dumps([values]))
    return {"within": within, "opening": tuple(text.split("\n")[within.line - start_line :][:OPENING_LINES])}


async def files(
    connection: Connection, schema: str, wanted: Sequence[tuple[str, str]], *, format_version: int, relations: Relations
) -> Mapping[tuple[str, str], StoredFile]:
    """Return whole files by (repository, path)."""
    rows = await connection.fetch(
        _query("passages.files", schema, format_version, relations),
        array_text([repository for repository, _ in wanted]),
        array_text([path for _, path in wanted]),
    )
    grouped: dict[tuple[str, str], list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        grouped[row["repository"], row["path"]].append(row)
    return {
        key: StoredFile(
            state=file_state(found[0]),
            language=found[0]["language"],
            roles=frozenset(found[0]["roles"].split()),
            chunks=tuple(_chunk(row) for row in found if row["id"] is not None),
        )
        for key, found in grouped.items()
    }


def _query(name: str, schema: str, format_version: int, relations: Relations) -> str:
    return query(
        name,
        schema=schema,
        end_line=end_line(format_version),
        state=state_columns(format_version),
        files=relations.files,
        chunks=relations.chunks,
        symbols=relations.symbols,
        sees=relations.sees,
    )


def _chunk(row: asyncpg.Record) -> StoredChunk:
    return StoredChunk(
        id=ChunkId(row["id"]),
        span=Span(
            start_line=row["start_line"],
            end_line=row["end_line"],
            start_byte=row["start_byte"],
            end_byte=row["end_byte"],
        ),
        scope=row["scope"],
        symbols=symbols(row["symbols"]),
        text=row["text"],
    )
