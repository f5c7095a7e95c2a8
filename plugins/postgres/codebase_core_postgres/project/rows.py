"""The rows of files, written by COPY on either side of a project's tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

from .encoding import BatchTerms, batch_terms
from .sides import MAIN

if TYPE_CHECKING:
    from codebase_core_hookspecs import IndexedChunk, IndexedFile

    from codebase_core_postgres.connection.pool import Connection

    from .sides import Side

MAX_SYMBOL_BYTES = 500


class Inserted(NamedTuple):
    """The ids of files that were written, how many chunks they have, and the chunks' terms."""

    files: Sequence[int]
    chunks: int = 0
    terms: BatchTerms | None = None


class RowWriter:
    """Insert files of one repository. Being the only writer, it takes ids from the sequences in blocks."""

    def __init__(self, connection: Connection, schema: str, repository: int) -> None:
        self._connection = connection
        self._schema = schema
        self._repository = repository

    async def insert(self, files: Sequence[IndexedFile], side: Side) -> Inserted:
        """Insert files with all that belongs to them."""
        if not files:
            return Inserted(())
        first_file = await self._ids(MAIN.files, len(files))
        ids = range(first_file, first_file + len(files))
        await self._copy(side.files, _FILE_COLUMNS, self._file_rows(files, first_file))
        chunks = [chunk for file in files for chunk in file.chunks]
        if not chunks:
            return Inserted(ids)
        first = await self._ids(MAIN.chunks, len(chunks))
        terms = batch_terms(chunks)
        numbered = list(enumerate(chunks, first))
        vectors = ((number, chunk.vector) for number, chunk in numbered if chunk.vector is not None)
        await self._copy(side.chunks, _CHUNK_COLUMNS, _chunk_rows(files, first_file, first))
        await self._copy(side.embeddings, ("chunk_id", "embedding"), vectors)
        await self._copy(
            side.terms,
            ("chunk_id", "terms", "impacts"),
            zip((number for number, _ in numbered), terms.numbers, terms.vectors, strict=True),
        )
        await self._copy(side.symbols, _SYMBOL_COLUMNS, _symbol_rows(numbered))
        return Inserted(ids, len(chunks), terms)

    async def _ids(self, table: str, count: int) -> int:
        """Take ``count`` ids in a row and return the first."""
        last: int = await self._connection.fetchval(
            query("batches.take_ids", schema=self._schema),
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
