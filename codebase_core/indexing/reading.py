"""Read one file and turn it into chunks with their terms: a pure function of content, path and setup."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import SourceFile

from codebase_core.search.identifiers import identifiers

from .decode import Undecodable, decode
from .features import PathTerms, chunk_terms, plain_text, spoken_text
from .languages import language_of
from .scan import TOO_LARGE, UNREADABLE
from .secrets import REASON as LIKELY_SECRET
from .secrets import holds_private_key
from .tasks import ChunkResult, FileResult

if TYPE_CHECKING:
    from codebase_core_hookspecs import Chunk, ChunkerPlugin

    from .tasks import Setup, Task


def read_file(task: Task, setup: Setup, chunkers: Sequence[ChunkerPlugin]) -> FileResult:
    """Index one file; whatever is wrong with it becomes a skip reason."""
    try:
        with open(task.absolute, "rb") as file:  # noqa: PTH123 - a Path costs more than the read of a small file
            status = os.fstat(file.fileno())
            data = file.read(setup.max_file_bytes + 1)
    except OSError as exc:
        return FileResult(task.path, 0, 0, b"", skip=f"{UNREADABLE}: {exc.strerror}")
    digest = blake2b(data, digest_size=16).digest()
    state = (task.path, status.st_size, status.st_mtime_ns, digest)
    if len(data) > setup.max_file_bytes:
        return FileResult(*state, skip=TOO_LARGE)
    if digest == task.known_hash:
        return FileResult(*state)
    try:
        text = decode(data)
    except Undecodable as exc:
        return FileResult(*state, skip=exc.reason)
    if holds_private_key(text):
        return FileResult(*state, skip=LIKELY_SECRET)
    language = language_of(
        task.path.rpartition("/")[2], first_line=text[:80].decode(errors="ignore").partition("\n")[0]
    )
    source = SourceFile(path=task.path, language=language, text=text)
    usable = chunkers if not task.by_lines else [c for c in chunkers if c.name == "lines"]
    chunks, fallback = cut(source, usable, setup.chunker_options)
    return FileResult(*state, language=language, chunks=_described(source, chunks, setup), fallback=fallback)


def cut(
    source: SourceFile, chunkers: Sequence[ChunkerPlugin], options: Mapping[str, Mapping[str, Any]]
) -> tuple[Sequence[Chunk], str | None]:
    """Ask the chunkers in order; return the first answer that tiles the file, and why a better one was not used."""
    fallback = None
    for chunker in chunkers:
        if "*" not in chunker.languages and source.language not in chunker.languages:
            continue
        try:
            chunks = chunker.chunk(source, options.get(chunker.name, {}))
        except (Exception, SystemExit) as exc:  # noqa: BLE001 - a chunker's fault costs its file a fall-back, recorded
            fallback = f"{chunker.name}: {type(exc).__name__}: {exc}"[:500]
            continue
        if chunks is None:
            continue
        if tiles(chunks, len(source.text)):
            return chunks, fallback
        fallback = f"{chunker.name}: its chunks do not tile the file"
    raise AssertionError("the line chunker takes every file")


def tiles(chunks: Sequence[Chunk], size: int) -> bool:
    """Tell whether chunks cover a text of ``size`` bytes without gap or overlap, in order."""
    end = 0
    for chunk in chunks:
        if chunk.span.start_byte != end or chunk.span.end_byte <= end:
            return False
        end = chunk.span.end_byte
    return end == size and bool(chunks)


def _described(source: SourceFile, chunks: Sequence[Chunk], setup: Setup) -> tuple[ChunkResult, ...]:
    path = PathTerms.of(source.path)
    results = []
    for chunk in chunks:
        span = chunk.span
        text = source.text[span.start_byte : span.end_byte].decode()
        words = identifiers(text)
        terms, weights = chunk_terms(chunk, words, path, setup.field_lengths)
        if setup.embedded == "spoken":
            embedded = spoken_text(chunk, words, path)
        else:
            embedded = plain_text(chunk, text) if setup.embedded == "plain" else ""
        results.append(
            ChunkResult(
                (span.start_line, span.end_line, span.start_byte, span.end_byte),
                chunk.kind,
                chunk.scope,
                tuple((s.name, s.kind, s.qualified_name, s.line, s.local, s.weak) for s in chunk.symbols),
                text,
                terms,
                weights,
                embedded,
            )
        )
    return tuple(results)
