"""Files to put into a store."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
from codebase_core_hookspecs import (
    Batch,
    Chunk,
    EmbedderIdentity,
    FileState,
    IndexedChunk,
    IndexedFile,
    Manifest,
    ProjectStore,
    Source,
    Span,
    Symbol,
)

from codebase_core.testing.fakes.embedder import HashEmbedder

DIMENSIONS = HashEmbedder.identity.dimensions
IDENTITY = EmbedderIdentity(plugin="hash", model="words", revision="1", dimensions=DIMENSIONS)
SHOP = Source(name="shop", identity="example.org/shop", root="/src/shop", machine=UUID(int=1), commit="c0ffee")
MAIL = Source(name="mail", identity="example.org/mail", root="/src/mail", machine=UUID(int=1))

_WORDS = [f"word{number}" for number in range(25)]
_NAMES = ["Pool", "acquire", "Tree", "walk", "__init__"]
_PATHS = ["pool.py", "a/pool.py", "a/b/pool.go", "a/b/my_pool.py", "tests/test_pool.py", "README.md", "a/pool.py.txt"]
_embed = HashEmbedder().embed


def manifest(project: UUID, *, generation: int = 1) -> Manifest:
    """Return a manifest with everything in it."""
    return Manifest(
        project=project,
        generation=generation,
        tokenizer="words/1",
        field_lengths={"text": 40.5, "path": 3.0},
        embedder=IDENTITY,
        embedder_options={"prompt": "é"},
    )


def same(found: Manifest | None, wanted: Manifest) -> bool:
    """Tell whether two manifests agree in all but ``format``, which is the store's."""
    return found is not None and replace(found, format=wanted.format) == wanted


def state(
    path: str,
    *,
    skipped: str | None = None,
    fallback: str | None = None,
    encoding: str | None = None,
    version: int = 1,
) -> FileState:
    """Return the state of a file."""
    return FileState(
        path=path,
        size=100 + version,
        mtime_ns=1_700_000_000_123_456_789 + version,
        content_hash=bytes([version % 256]) * 16,
        pipeline="lines/1 words/1",
        skipped=skipped,
        fallback=fallback,
        encoding=encoding,
        inode=(1 << 63) - 1 - version,
        ctime_ns=1_700_000_000_987_654_321 + version,
    )


def file(
    path: str,
    *texts: str,
    symbols: Sequence[Symbol] = (),
    language: str | None = "python",
    roles: frozenset[str] = frozenset(),
    version: int = 1,
) -> IndexedFile:
    """Return a file of a chunk for each text; what is defined lies in the first."""
    chunks, line, byte = [], 1, 0
    for number, text in enumerate(texts):
        size, lines = len(text.encode()), max(text.count("\n"), 1)
        span = Span(start_line=line, end_line=line + lines - 1, start_byte=byte, end_byte=byte + size)
        line, byte = line + lines, byte + size
        held = tuple(symbols) if number == 0 else ()
        chunks.append(indexed(Chunk(span=span, kind="code", scope="m" * number, symbols=held), text))
    return IndexedFile(state=state(path, version=version), language=language, roles=roles, chunks=tuple(chunks))


def indexed(chunk: Chunk, text: str) -> IndexedChunk:
    """Return a chunk with a term for each word of its text, and the vector of its words."""
    terms = list(dict.fromkeys(re.findall(r"\w+", text.lower())))
    vector = _embed(text)
    return IndexedChunk(
        chunk=chunk,
        text=text,
        terms=terms,
        impacts=[0.5 + 0.01 * (len(term) % 7) for term in terms],
        text_hash=b"h" * 16,
        vector=vector if vector.any() else None,
    )


def symbol(name: str, *, line: int = 1, kind: str = "function", local: bool = False, weak: bool = False) -> Symbol:
    """Return a definition."""
    return Symbol(
        name=name, kind=kind, qualified_name=f"m.{name}", line=line, end_line=line + 2, local=local, weak=weak
    )


async def write(
    opened: ProjectStore,
    *files: IndexedFile,
    source: Source = SHOP,
    removed: Sequence[str] = (),
    touched: Sequence[FileState] = (),
) -> None:
    """Write one batch in a run of its own."""
    async with opened.writing(source, scope=()) as writer:
        await writer.apply(Batch(replaced=files, removed=tuple(removed), touched=tuple(touched)))
        await writer.finish(outcome="done", detail={})


async def states(opened: ProjectStore, *, source: Source = SHOP, under: str = "") -> list[FileState]:
    """Return what the index knows of a repository's files."""
    return [each async for page in opened.file_states(source.name, under=under) for each in page]


async def paths(opened: ProjectStore, *, source: Source = SHOP, under: str = "") -> list[str]:
    """Return the paths of a repository's files."""
    return [each.path for each in await states(opened, source=source, under=under)]


async def texts(opened: ProjectStore, path: str, *, source: Source = SHOP) -> list[str]:
    """Return the texts of a file's chunks; none for one that is not there."""
    found = await opened.files([(source.name, path)])
    return [chunk.text for each in found.values() for chunk in each.chunks]


def corpus(seed: int) -> Mapping[str, list[IndexedFile]]:
    """Return random files of two repositories."""
    chance, numbers = random.Random(seed), np.random.default_rng(seed)  # noqa: S311 - for tests
    return {
        source.name: [
            IndexedFile(
                state=state(path),
                language=chance.choice(["python", "go", None]),
                roles=chance.choice([frozenset(), frozenset({"test"}), frozenset({"docs", "generated"})]),
                chunks=tuple(_random(chance, numbers, line) for line in range(1, chance.randrange(2, 7))),
            )
            for path in _PATHS
        ]
        for source in (SHOP, MAIL)
    }


def _random(chance: random.Random, numbers: np.random.Generator, line: int) -> IndexedChunk:
    vector = numbers.normal(size=DIMENSIONS).astype(np.float32)
    terms = chance.sample(_WORDS, chance.randrange(1, 8))
    held = tuple(symbol(name, line=line, kind="class") for name in chance.sample(_NAMES, chance.randrange(3)))
    span = Span(start_line=line, end_line=line, start_byte=line - 1, end_byte=line)
    return IndexedChunk(
        chunk=Chunk(span=span, symbols=held),
        text=f"text {line}",
        terms=terms,
        impacts=[chance.uniform(0.1, 0.9) for _ in terms],
        text_hash=b"",
        vector=vector / np.linalg.norm(vector) if chance.random() > 0.1 else None,
    )
