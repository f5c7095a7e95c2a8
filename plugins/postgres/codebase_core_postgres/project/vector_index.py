"""The approximate index over vectors: made after loading, once reading all of them would take longer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import asyncpg

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection

logger = logging.getLogger(__name__)

NAME = "chunk_embeddings_nearest"
LEAST_ROWS = 25_000
"""Below this many vectors an exact scan is as fast (docs/performance.md)."""

REWRITTEN = 0.2
"""A run that adds more than this share of the vectors drops the index: making it anew is faster than adding to it."""

_CONNECTIONS, _BUILD_BEAM = 16, 128
"""HNSW's m and ef_construction; with pgvector's default of 64 some queries lose all that they should find."""

_MOST_DIMENSIONS = 4_000
"""More a halfvec may have, but not its index."""

_BYTES_A_ROW = 700
"""What the graph takes beside the vector's two bytes a dimension, generously."""

_MOST_MEMORY = 512 * 1024
"""For building, kB; a graph that needs more is built more slowly."""

_NO_ROOM = (asyncpg.InsufficientResourcesError, asyncpg.OutOfMemoryError, asyncpg.DiskFullError)


class VectorIndex:
    """The index of one project's vectors; used by the writer that holds the lease."""

    def __init__(self, connection: Connection, schema: str, *, vector: str) -> None:
        self._connection = connection
        self._schema = schema
        self._s = quote(schema)
        self._v = quote(vector)
        self._added = 0

    async def adding(self, vectors: int) -> None:
        """Say that the caller's transaction adds vectors; drop the index when they have become too many."""
        self._added += vectors
        if self._added > LEAST_ROWS and self._added > REWRITTEN * await self._rows():
            await self._connection.execute(f"DROP INDEX IF EXISTS {self._s}.{NAME}")

    async def settle(self) -> None:
        """Build the index if it pays and is not there; searches are exact meanwhile, and if there is no room for it."""
        rows = await self._rows()
        if rows < LEAST_ROWS or await self._exists():
            return
        dimensions = await self._dimensions()
        if dimensions > _MOST_DIMENSIONS:
            return
        try:
            await self._build(rows, dimensions, workers=2)
        except _NO_ROOM:  # parallel workers share memory that containers are often short of
            try:
                await self._build(rows, dimensions, workers=0)
            except _NO_ROOM as exc:
                logger.warning("no room for an index over %d vectors, searches read all of them: %s", rows, exc)

    async def _build(self, rows: int, dimensions: int, *, workers: int) -> None:
        memory = min(_MOST_MEMORY, 65_536 + rows * (2 * dimensions + _BYTES_A_ROW) // 1024)
        async with self._connection.transaction():
            await self._connection.execute(f"SET LOCAL maintenance_work_mem = {memory}")
            await self._connection.execute(f"SET LOCAL max_parallel_maintenance_workers = {workers}")
            await self._connection.execute(
                f"CREATE INDEX {NAME} ON {self._s}.chunk_embeddings USING hnsw (embedding {self._v}.halfvec_ip_ops) "
                f"WITH (m = {_CONNECTIONS}, ef_construction = {_BUILD_BEAM})"
            )

    async def _dimensions(self) -> int:
        found: int = await self._connection.fetchval(
            "SELECT atttypmod FROM pg_attribute WHERE attrelid = $1::text::regclass AND attname = 'embedding'",
            f"{self._s}.chunk_embeddings",
        )
        return found

    async def _exists(self) -> bool:
        return await self._connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{self._s}.{NAME}") is True

    async def _rows(self) -> int:
        count: int = await self._connection.fetchval(query("manifest.count", schema=self._schema))
        return count
