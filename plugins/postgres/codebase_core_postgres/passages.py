"""Text of the chunks that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from codebase_core_hookspecs import ChunkId, Passage

from .file_states import COLUMNS, file_state
from .retrieval import symbols

if TYPE_CHECKING:
    from .connections import Connection


async def passages(connection: Connection, schema: str, ids: Sequence[ChunkId]) -> Mapping[ChunkId, Passage]:
    """Return passages by chunk id; ``schema`` is quoted. Ids that vanished are absent."""
    rows = await connection.fetch(
        f"SELECT c.id, c.text, {COLUMNS}, ("
        "  SELECT json_agg(json_build_array(y.name, y.kind, y.qualified_name, y.line, y.local, y.weak) ORDER BY y.ordinal)"
        f"  FROM {schema}.symbols AS y WHERE y.chunk_id = c.id)::text AS symbols "
        f"FROM {schema}.code_chunks AS c JOIN {schema}.code_files AS f ON f.id = c.file_id WHERE c.id = ANY ($1::text::bigint[])",
        "{" + ",".join(map(str, ids)) + "}",
    )
    return {
        ChunkId(row["id"]): Passage(
            text=row["text"],
            symbols=symbols(row["symbols"]),
            file=file_state(row),
        )
        for row in rows
    }
