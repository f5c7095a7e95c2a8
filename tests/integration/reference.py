"""What a search must find, computed row by row from a random corpus."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from math import log

import numpy as np
from codebase_core_hookspecs import (
    Arm,
    Chunk,
    FileState,
    Filters,
    IndexedChunk,
    IndexedFile,
    RetrievalQuery,
    Span,
    Symbol,
)

DIMENSIONS = 16
WORDS = [f"word{number}" for number in range(25)]
NAMES = ["Pool", "acquire", "Tree", "walk", "__init__"]
LANGUAGES = ["python", "go", None]
ROLES = [frozenset[str](), frozenset({"test"}), frozenset({"docs", "generated"})]
PATHS = ["pool.py", "a/pool.py", "a/b/pool.go", "a/b/my_pool.py", "tests/test_pool.py", "README.md"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A chunk as it was written."""

    repository: str
    file: IndexedFile
    chunk: IndexedChunk
    first: bool

    @property
    def key(self) -> tuple[str, str, int]:
        return self.repository, self.file.state.path, self.chunk.chunk.span.start_line


def corpus(seed: int) -> list[Row]:
    chance = random.Random(seed)
    numbers = np.random.default_rng(seed)
    rows: list[Row] = []
    for repository in ("first", "second"):
        for path in PATHS:
            chunks = [_chunk(chance, numbers, line) for line in range(1, chance.randrange(2, 7))]
            chunks[-1] = replace(chunks[0], chunk=chunks[-1].chunk)  # a tie in both scores
            state = FileState(path=path, size=1, mtime_ns=1, content_hash=b"x", pipeline="p")
            file = IndexedFile(
                state=state, language=chance.choice(LANGUAGES), roles=chance.choice(ROLES), chunks=tuple(chunks)
            )
            rows += [Row(repository=repository, file=file, chunk=c, first=c is chunks[0]) for c in chunks]
    return rows


def _chunk(chance: random.Random, numbers: np.random.Generator, line: int) -> IndexedChunk:
    names = chance.sample(NAMES, chance.randrange(3))
    symbols = tuple(Symbol(name=name, kind="class", qualified_name=f"m.{name}", line=line) for name in names)
    vector = numbers.normal(size=DIMENSIONS).astype(np.float32)
    terms = chance.sample(WORDS, chance.randrange(1, 8))
    return IndexedChunk(
        chunk=Chunk(span=Span(start_line=line, end_line=line, start_byte=0, end_byte=1), symbols=symbols),
        text=f"text {line}",
        terms=terms,
        impacts=[chance.uniform(0.1, 0.9) for _ in terms],
        text_hash=b"",
        vector=vector / np.linalg.norm(vector) if chance.random() > 0.1 else None,
    )


class Reference:
    """The same answers, computed row by row."""

    def __init__(self, rows: Sequence[Row], query: RetrievalQuery) -> None:
        self.rows = rows
        self.query = query
        self.eligible = [row for row in rows if self._meets(row, query.filters)]
        holding = {term: sum(term in row.chunk.terms for row in rows) for term in query.terms}
        self.idf = {t: log(1 + (len(rows) - df + 0.5) / (df + 0.5)) for t, df in holding.items()}

    def arms(self) -> Mapping[tuple[str, str, int], set[Arm]]:
        found: dict[tuple[str, str, int], set[Arm]] = {}
        limit = self.query.per_arm
        names = {name.lower() for name in self.query.names}

        def add(arm: Arm, rows: Sequence[Row], limit: int) -> None:
            for row in rows[:limit]:
                found.setdefault(row.key, set()).add(arm)

        def by(score: Mapping[tuple[str, str, int], float | None]) -> list[Row]:
            kept = [(row, value) for row in self.eligible if (value := score[row.key]) is not None]
            return [row for row, _ in sorted(kept, key=lambda each: -round(each[1], 5))]  # stable: by id

        if self.query.vector is not None:
            add("dense", by(self.dense()), limit)
        sharing = {row.key for row in self.rows if set(row.chunk.terms) & set(self.query.terms)}
        add("lexical", [row for row in by(self.lexical()) if row.key in sharing], limit)
        named = [row for row in self.eligible if names & {s.name.lower() for s in row.chunk.chunk.symbols}]
        add("symbol", named, 2 * limit)
        add("path", [row for row in self.eligible if row.first and self._tailed(row.file.state.path)], limit)
        return found

    def dense(self) -> Mapping[tuple[str, str, int], float | None]:
        asked = np.asarray(self.query.vector, dtype=np.float16).astype(np.float64)
        return {
            row.key: None if row.chunk.vector is None else float(row.chunk.vector.astype(np.float16) @ asked)
            for row in self.rows
        }

    def lexical(self) -> Mapping[tuple[str, str, int], float | None]:
        weights = {term: weight * self.idf[term] for term, weight in self.query.terms.items()}
        return {
            row.key: sum(weights.get(t, 0.0) * i for t, i in zip(row.chunk.terms, row.chunk.impacts, strict=True))
            for row in self.rows
        }

    def _tailed(self, path: str) -> bool:
        return any(path == tail or path.endswith("/" + tail) for tail in self.query.paths)

    @staticmethod
    def _meets(row: Row, filters: Filters) -> bool:
        path = row.file.state.path
        return (
            (not filters.repositories or row.repository in filters.repositories)
            and (not filters.languages or row.file.language in filters.languages)
            and (not filters.path_globs or any(_globbed(path, glob) for glob in filters.path_globs))
            and not row.file.roles & filters.without_roles
            and (not filters.roles or row.file.roles & filters.roles)
        )


def _globbed(path: str, glob: str) -> bool:
    """Know the globs of these tests: a name anywhere, a folder, ``**/`` before a name."""
    folder = path.startswith(glob + "/")
    return folder or fnmatchcase(path.rpartition("/")[2], glob.removeprefix("**/"))
