"""Read one file and turn it into chunks with their terms: a pure function of content, path and setup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import SourceFile

from codebase_core.indexing.features import PathTerms, chunk_terms, source_text, words_text
from codebase_core.lexical.identifiers import identifiers
from codebase_core.sources.decode import Undecodable, decode
from codebase_core.sources.dialects import dialect
from codebase_core.sources.identity import certain_ctime, inode, settled
from codebase_core.sources.languages import language_of
from codebase_core.sources.minified import MINIFIED, WORDS, is_minified, joined
from codebase_core.sources.notebooks import EXTENSION, notebook
from codebase_core.sources.scan import TOO_LARGE, UNREADABLE
from codebase_core.sources.secrets import REASON as LIKELY_SECRET
from codebase_core.sources.secrets import holds_private_key

from .messages import ChunkResult, FileResult

if TYPE_CHECKING:
    from codebase_core_hookspecs import Chunk, ChunkerPlugin

    from .messages import Setup, Task

_TOP_BITS, _CONTINUATION = 0b1100_0000, 0b1000_0000
"""How UTF-8 marks a byte that does not begin a character."""


def read_file(task: Task, setup: Setup, chunkers: Sequence[ChunkerPlugin]) -> FileResult:
    """Index one file; whatever is wrong with it becomes a skip reason."""
    try:
        with open(task.absolute, "rb") as file:  # noqa: PTH123 - a Path costs more than the read of a small file
            status = settled(file)
            # Making room for the cap each time would cost more than reading a small file.
            data = file.read(min(status.st_size, setup.max_file_bytes) + 1)
            if len(data) > status.st_size:
                data += file.read(max(0, setup.max_file_bytes + 1 - len(data)))
    except OSError as exc:
        return FileResult(task.path, 0, 0, b"", skip=f"{UNREADABLE}: {exc.strerror}")
    digest = blake2b(data, digest_size=16).digest()
    read = FileResult(
        task.path, status.st_size, status.st_mtime_ns, digest, inode=inode(status), ctime_ns=certain_ctime(status)
    )
    if len(data) > setup.max_file_bytes:
        return read._replace(skip=TOO_LARGE)
    if digest == task.known_hash:
        return read
    try:
        text, encoding = decode(data)
    except Undecodable as exc:
        return read._replace(skip=exc.reason)
    if holds_private_key(text):
        return read._replace(skip=LIKELY_SECRET)
    name = task.path.rpartition("/")[2]
    first_line = text[:160].decode(errors="ignore").partition("\n")[0]
    language = dialect(language_of(name, first_line=first_line, extensions=setup.extensions), name, text)
    if name.lower().endswith(EXTENSION) and (cells := notebook(text)) is not None:
        language, text = cells
    source = SourceFile(path=task.path, language=language, text=text)
    usable = chunkers if not task.by_lines else [c for c in chunkers if c.name == "lines"]
    chunks, fallback = cut(source, usable, setup.chunker_options)
    small = is_minified(text, language)
    if small:
        chunks, fallback = joined(chunks), MINIFIED
    described = _described(source, chunks, setup, words=WORDS if small else None)
    return read._replace(language=language, chunks=described, fallback=fallback, encoding=encoding)


def cut(
    source: SourceFile, chunkers: Sequence[ChunkerPlugin], options: Mapping[str, Mapping[str, Any]]
) -> tuple[Sequence[Chunk], str | None]:
    """Ask the chunkers in order; return the first answer that tiles the file, and why a better one was not used."""
    fallback = None
    for chunker in chunkers:
        if "*" not in chunker.languages and source.language not in chunker.languages:
            continue
        try:
            answer = chunker.chunk(source, options.get(chunker.name, {}))
            chunks = tuple(answer) if answer is not None else None
            tiling = chunks is not None and tiles(chunks, source.text)
        except (Exception, SystemExit) as exc:  # noqa: BLE001 - a chunker's fault costs its file a fall-back, recorded
            fallback = f"{chunker.name}: {type(exc).__name__}: {exc}"[:500]
            continue
        if chunks is None:
            continue
        if tiling:
            return chunks, fallback
        fallback = f"{chunker.name}: its chunks do not tile the file"
    raise AssertionError("the line chunker takes every file")


def tiles(chunks: Sequence[Chunk], text: bytes) -> bool:
    """Tell whether chunks cover a text without gap or overlap, in order, and cut no character."""
    end = 0
    for chunk in chunks:
        if chunk.span.start_byte != end or chunk.span.end_byte <= end:
            return False
        end = chunk.span.end_byte
        if end < len(text) and text[end] & _TOP_BITS == _CONTINUATION:
            return False
    return end == len(text) and bool(chunks)


def _described(
    source: SourceFile, chunks: Sequence[Chunk], setup: Setup, *, words: int | None
) -> tuple[ChunkResult, ...]:
    """Return chunks with all that is searched of them; ``words`` bounds how many of their words that is."""
    path = PathTerms.of(source.path)
    results = []
    for chunk in chunks:
        span = chunk.span
        text = source.text[span.start_byte : span.end_byte].decode()
        said = identifiers(text)[:words]
        terms, weights = chunk_terms(chunk, said, path, setup.field_lengths)
        if setup.embedded == "words":
            embedded = words_text(chunk, said, path)
        else:
            shown = text if words is None else " ".join(said)
            embedded = source_text(chunk, shown) if setup.embedded == "source" else ""
        results.append(
            ChunkResult(
                (span.start_line, span.end_line, span.start_byte, span.end_byte),
                chunk.kind,
                chunk.scope,
                tuple((s.name, s.kind, s.qualified_name, s.line, s.end_line, s.local, s.weak) for s in chunk.symbols),
                text,
                terms,
                weights,
                embedded,
            )
        )
    return tuple(results)
