"""The rows of a batch: old ones out, new ones in by COPY, document frequencies kept exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

from .encoding import batch_terms

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
        self._repository = repository

    async def apply(self, batch: Batch) -> None:
        """Make the tables as the batch says."""
        paths = [file.state.path for file in batch.replaced]
        removed = await self._remove([*paths, *batch.removed])
        added = await self._add(batch.replaced)
        await self._touch(batch.touched)
        if added != removed:
            await self._connection.execute(
                self._query("add_to_count"),
                added - removed,
            )

    async def settle(self) -> None:
        """Move pending index entries to their place, so that searches need not read the list."""
        await self._connection.execute(self._query("clean_pending_list"), f"{quote(self._schema)}.chunk_terms_terms")

    async def _remove(self, paths: Sequence[str]) -> int:
        """Delete files by path and return how many chunks went with them."""
        if not paths:
            return 0
        files = await self._connection.fetch(
            self._query("find_files"),
            self._repository,
            paths,
        )
        if not files:
            return 0
        ids = [row["id"] for row in files]
        await self._connection.execute(
            self._query("forget_terms"),
            ids,
        )
        chunks: int = await self._connection.fetchval(
            self._query("count_chunks"),
            ids,
        )
        await self._connection.execute(self._query("delete_files"), ids)
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
        vectors = ((number, chunk.vector) for number, chunk in numbered if chunk.vector is not None)
        await self._copy("code_chunks", _CHUNK_COLUMNS, _chunk_rows(files, first_file, first))
        await self._copy("chunk_embeddings", ("chunk_id", "embedding"), vectors)
        await self._copy(
            "chunk_terms",
            ("chunk_id", "terms", "impacts"),
            zip((number for number, _ in numbered), terms.numbers, terms.vectors, strict=True),
        )
        await self._copy("symbols", _SYMBOL_COLUMNS, _symbol_rows(numbered))
        await self._connection.execute(
            self._query("add_terms"),
            terms.counted.tolist(),
            terms.counts.tolist(),
        )
        return len(chunks)

    async def _touch(self, states: Sequence[FileState]) -> None:
        if states:
            await self._connection.execute(
                self._query("touch_files"),
                self._repository,
                [state.path for state in states],
                [state.size for state in states],
                [state.mtime_ns for state in states],
                [state.inode for state in states],
                [state.ctime_ns for state in states],
            )

    def _query(self, name: str) -> str:
        return query(f"batches.{name}", schema=self._schema)

    async def _ids(self, table: str, count: int) -> int:
        """Take ``count`` ids in a row and return the first."""
        last: int = await self._connection.fetchval(
            self._query("take_ids"),
            f"{quote(self._schema)}.{table}",
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
                state.encoding,
                state.inode,
                state.ctime_ns,
            )


_FILE_COLUMNS = (
    "id", "repository_id", "path", "size", "mtime_ns", "content_hash", "pipeline", "skip_reason", "fallback", "language", "roles",
    "bytes_chunked", "encoding", "inode", "ctime_ns",
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
