"""The rows of a batch: old ones out, new ones in by COPY, document frequencies kept exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from codebase_core_postgres.sql.identifiers import quote

from .encoding import batch_terms, half_vectors

if TYPE_CHECKING:
    from codebase_core_hookspecs import Batch, FileState, IndexedChunk, IndexedFile

    from codebase_core_postgres.connection.pool import Connection

MAX_SYMBOL_BYTES = 500


class BatchWriter:
    """Write batches of one repository; runs inside the caller's transaction, which holds the lease.

    Being the only writer, it takes ids from the sequences in blocks.
    """

    def __init__(self, connection: Connection, schema: str, repository: int) -> None:
        self._connection = connection
        self._schema = schema
        self._s = quote(schema)
        self._repository = repository

    async def apply(self, batch: Batch) -> None:
        """Make the tables as the batch says."""
        paths = [file.state.path for file in batch.replaced]
        removed = await self._remove([*paths, *batch.removed])
        added = await self._add(batch.replaced)
        await self._touch(batch.touched)
        if added != removed:
            await self._connection.execute(
                f"UPDATE {self._s}.manifest SET chunks = chunks + $1",
                added - removed,
            )

    async def settle(self) -> None:
        """Move pending index entries to their place, so that searches need not read the list."""
        await self._connection.execute("SELECT gin_clean_pending_list($1::regclass)", f"{self._s}.chunk_terms_terms")

    async def _remove(self, paths: Sequence[str]) -> int:
        """Delete files by path and return how many chunks went with them."""
        if not paths:
            return 0
        files = await self._connection.fetch(
            f"SELECT id FROM {self._s}.code_files WHERE repository_id = $1 AND path = ANY ($2)",
            self._repository,
            paths,
        )
        if not files:
            return 0
        ids = [row["id"] for row in files]
        await self._connection.execute(
            f"WITH gone AS (SELECT term, count(*) AS chunks FROM {self._s}.code_chunks AS c "
            f"JOIN {self._s}.chunk_terms AS t ON t.chunk_id = c.id, unnest(t.terms) AS term "
            "WHERE c.file_id = ANY ($1) GROUP BY term), "
            f"last AS (DELETE FROM {self._s}.lexical_terms AS l USING gone WHERE l.term = gone.term AND l.chunks <= gone.chunks) "
            f"UPDATE {self._s}.lexical_terms AS l SET chunks = l.chunks - gone.chunks FROM gone "
            "WHERE l.term = gone.term AND l.chunks > gone.chunks",
            ids,
        )
        chunks: int = await self._connection.fetchval(
            f"SELECT count(*) FROM {self._s}.code_chunks WHERE file_id = ANY ($1)",
            ids,
        )
        await self._connection.execute(f"DELETE FROM {self._s}.code_files WHERE id = ANY ($1)", ids)
        return chunks

    async def _add(self, files: Sequence[IndexedFile]) -> int:
        """Insert files and their chunks; return how many chunks."""
        if not files:
            return 0
        first_file = await self._ids("code_files", len(files))
        await self._copy("code_files", _FILE_COLUMNS, self._file_rows(files, first_file))
        chunks = [chunk for file in files for chunk in file.chunks]
        if not chunks:
            return 0
        first = await self._ids("code_chunks", len(chunks))
        terms = batch_terms(chunks)
        numbered = list(enumerate(chunks, first))
        vectors = [(number, chunk.vector) for number, chunk in numbered if chunk.vector is not None]
        encoded = half_vectors([vector for _, vector in vectors])
        await self._copy("code_chunks", _CHUNK_COLUMNS, _chunk_rows(files, first_file, first))
        await self._copy(
            "chunk_embeddings", ("chunk_id", "embedding"), zip((number for number, _ in vectors), encoded, strict=True)
        )
        await self._copy(
            "chunk_terms",
            ("chunk_id", "terms", "impacts"),
            zip((number for number, _ in numbered), terms.numbers, terms.vectors, strict=True),
        )
        await self._copy("symbols", _SYMBOL_COLUMNS, _symbol_rows(numbered))
        await self._connection.execute(
            f"INSERT INTO {self._s}.lexical_terms AS l (term, chunks) SELECT * FROM unnest($1::int[], $2::bigint[]) "
            "ON CONFLICT (term) DO UPDATE SET chunks = l.chunks + excluded.chunks",
            terms.counted.tolist(),
            terms.counts.tolist(),
        )
        return len(chunks)

    async def _touch(self, states: Sequence[FileState]) -> None:
        if states:
            await self._connection.execute(
                f"UPDATE {self._s}.code_files AS f SET size = t.size, mtime_ns = t.mtime_ns "
                "FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS t (path, size, mtime_ns) "
                "WHERE f.repository_id = $1 AND f.path = t.path",
                self._repository,
                [state.path for state in states],
                [state.size for state in states],
                [state.mtime_ns for state in states],
            )

    async def _ids(self, table: str, count: int) -> int:
        """Take ``count`` ids in a row and return the first."""
        last: int = await self._connection.fetchval(
            "SELECT setval(s, nextval(s) + $2 - 1) FROM pg_get_serial_sequence($1, 'id') AS s",
            f"{self._s}.{table}",
            count,
        )
        return last - count + 1

    async def _copy(self, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
        await self._connection.copy_records_to_table(
            table, schema_name=self._schema, columns=list(columns), records=rows
        )

    def _file_rows(self, files: Sequence[IndexedFile], first: int) -> Iterator[tuple[Any, ...]]:
        for number, file in enumerate(files, first):
            state = file.state
            chunked = file.chunks[-1].chunk.span.end_byte if file.chunks else 0
            yield (
                number,
                self._repository,
                state.path,
                state.size,
                state.mtime_ns,
                state.content_hash,
                state.pipeline,
                state.skipped,
                state.fallback,
                file.language,
                sorted(file.roles),
                chunked,
            )


_FILE_COLUMNS = (
    "id", "repository_id", "path", "size", "mtime_ns", "content_hash", "pipeline", "skip_reason", "fallback", "language", "roles",
    "bytes_chunked",
)  # fmt: skip
_CHUNK_COLUMNS = (
    "id",
    "file_id",
    "ordinal",
    "start_line",
    "end_line",
    "start_byte",
    "end_byte",
    "kind",
    "scope",
    "text",
)
_SYMBOL_COLUMNS = (
    "chunk_id",
    "ordinal",
    "name",
    "name_folded",
    "kind",
    "qualified_name",
    "line",
    "local",
    "weak",
    "end_line",
)


def _chunk_rows(files: Sequence[IndexedFile], first_file: int, first: int) -> Iterator[tuple[Any, ...]]:
    number = first
    for file_id, file in enumerate(files, first_file):
        for ordinal, each in enumerate(file.chunks):
            chunk, span = each.chunk, each.chunk.span
            yield (
                number,
                file_id,
                ordinal,
                span.start_line,
                span.end_line,
                span.start_byte,
                span.end_byte,
                chunk.kind,
                chunk.scope,
                each.text,
            )
            number += 1


def _symbol_rows(numbered: Sequence[tuple[int, IndexedChunk]]) -> Iterator[tuple[Any, ...]]:
    for number, each in numbered:
        for ordinal, symbol in enumerate(each.chunk.symbols):
            if len(symbol.name.encode()) <= MAX_SYMBOL_BYTES:
                yield (
                    number,
                    ordinal,
                    symbol.name,
                    symbol.name.lower(),
                    symbol.kind,
                    symbol.qualified_name,
                    symbol.line,
                    symbol.local,
                    symbol.weak,
                    symbol.end_line,
                )
