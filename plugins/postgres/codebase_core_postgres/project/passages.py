"""Texts: of the chunks that are shown, and of whole files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from codebase_core_hookspecs import ChunkId, Passage, Span, StoredChunk, StoredFile

from .encoding import array_text
from .file_states import COLUMNS, file_state
from .manifests import check_generation
from .symbols import listed, symbols

if TYPE_CHECKING:
    import asyncpg

    from codebase_core_postgres.connection.pool import Connection


async def passages(
    connection: Connection, schema: str, ids: Sequence[ChunkId], *, format_version: int, generation: int
) -> Mapping[ChunkId, Passage]:
    """Return passages by chunk id; ``schema`` is quoted. Ids that vanished are absent; those of another generation raise."""
    rows = await connection.fetch(
        # The planner takes one row of ids for one row; of the manifest, which is never analysed, it expects hundreds.
        f"SELECT (SELECT generation FROM {schema}.manifest) AS generation, c.id, c.text, {COLUMNS}, "
        f"{_symbols(schema, format_version)} AS symbols FROM (SELECT $1::text::bigint[] AS ids OFFSET 0) AS wanted "
        f"LEFT JOIN ({schema}.code_chunks AS c JOIN {schema}.code_files AS f ON f.id = c.file_id) ON c.id = ANY (wanted.ids)",
        "{" + ",".join(map(str, ids)) + "}",
    )
    check_generation(rows, generation)
    return {
        ChunkId(row["id"]): Passage(text=row["text"], symbols=symbols(row["symbols"]), file=file_state(row))
        for row in rows
        if row["id"] is not None
    }


async def files(
    connection: Connection, schema: str, wanted: Sequence[tuple[str, str]], *, format_version: int
) -> Mapping[tuple[str, str], StoredFile]:
    """Return whole files by (repository, path); ``schema`` is quoted."""
    rows = await connection.fetch(
        f"SELECT r.name AS repository, {COLUMNS}, f.language, array_to_string(f.roles, ' ') AS roles, c.id, c.start_line, "
        f"c.end_line, c.start_byte, c.end_byte, c.scope, c.text, {_symbols(schema, format_version)} AS symbols "
        "FROM (SELECT DISTINCT * FROM unnest($1::text::text[], $2::text::text[])) AS w (repository, path) "
        f"JOIN {schema}.repositories AS r ON r.name = w.repository "
        f"JOIN {schema}.code_files AS f ON f.repository_id = r.id AND f.path = w.path "
        f"LEFT JOIN {schema}.code_chunks AS c ON c.file_id = f.id ORDER BY r.name, f.path, c.ordinal",
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


def _symbols(schema: str, format_version: int) -> str:
    return f"(SELECT {listed(format_version)} FROM {schema}.symbols AS y WHERE y.chunk_id = c.id)"


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
