"""Turn what a worker returned, and the vectors of its chunks, into the values that a store takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_hookspecs import Chunk, FileState, IndexedChunk, IndexedFile, Span, Symbol

from codebase_core.sources.minified import MINIFIED
from codebase_core.sources.roles import roles_of

from .features import text_hash

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from .workers.messages import ChunkResult, FileResult


def file_state(result: FileResult, *, pipeline: str) -> FileState:
    """Return a file's state; a file that was skipped unread belongs to no pipeline, so that it is read when it may be."""
    return FileState(
        path=result.path,
        size=result.size,
        mtime_ns=result.mtime_ns,
        content_hash=result.content_hash,
        pipeline=pipeline if result.content_hash else "",
        skipped=result.skip,
        fallback=result.fallback,
        encoding=result.encoding,
        inode=result.inode,
        ctime_ns=result.ctime_ns,
    )


def indexed_file(result: FileResult, vectors: NDArray[float32] | None, *, pipeline: str, hashed: bool) -> IndexedFile:
    """Return a file with its chunks; ``vectors`` is float32 ``(chunks, d)``, and ``hashed`` asks for hashes of their texts."""
    return IndexedFile(
        state=file_state(result, pipeline=pipeline),
        language=result.language,
        roles=roles_of(result.path, result.language) | ({"minified"} if result.fallback == MINIFIED else frozenset()),
        chunks=tuple(
            IndexedChunk(
                chunk=_chunk(each),
                text=each.text,
                terms=each.terms,
                impacts=each.impacts,
                text_hash=text_hash(each.embedded) if hashed else b"",
                vector=vectors[row] if vectors is not None and vectors[row].any() else None,
            )
            for row, each in enumerate(result.chunks)
        ),
    )


def _chunk(result: ChunkResult) -> Chunk:
    start_line, end_line, start_byte, end_byte = result.span
    return Chunk(
        span=Span(start_line=start_line, end_line=end_line, start_byte=start_byte, end_byte=end_byte),
        kind=result.kind,
        scope=result.scope,
        symbols=tuple(
            Symbol(name=name, kind=kind, qualified_name=qualified, line=line, end_line=end_line, local=local, weak=weak)
            for name, kind, qualified, line, end_line, local, weak in result.symbols
        ),
    )
