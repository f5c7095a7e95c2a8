"""The content of an index in memory, and every question to it answered row by row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import TypeAlias

import numpy as np
from codebase_core_hookspecs import (
    Arm,
    Candidate,
    CheckoutState,
    ChunkId,
    Definition,
    DefinitionQuery,
    FileState,
    Filters,
    GenerationChanged,
    IndexedChunk,
    IndexedFile,
    Manifest,
    RepositoryState,
    Retrieval,
    RetrievalQuery,
    StoredChunk,
    StoredFile,
    Symbol,
    glob_expression,
)

Key = tuple[str, str]
"""Repository and path."""


@dataclass(frozen=True, slots=True)
class Row:
    """A chunk as it is stored."""

    id: ChunkId
    repository: str
    file: IndexedFile
    chunk: IndexedChunk
    first: bool


Files: TypeAlias = "Mapping[Key, tuple[Row, ...] | IndexedFile]"


@dataclass
class Seen:
    """What another checkout of a repository than the main one sees of it."""

    repository: str
    state: CheckoutState
    files: Files


@dataclass
class Index:
    """One generation. ``files`` is replaced as a whole by every batch, so that whoever reads has one snapshot."""

    manifest: Manifest
    files: Files = field(default_factory=dict)
    repositories: dict[str, RepositoryState] = field(default_factory=dict)
    checkouts: dict[int, Seen] = field(default_factory=dict)

    def seen(self, checkout: int | None) -> Index:
        """Return the index as a checkout sees it, None for the main ones."""
        if checkout is None:
            return self
        own = self.checkouts.get(checkout)
        if own is None:
            raise GenerationChanged("the checkout was forgotten", hint="open the index again")
        others = {key: file for key, file in self.files.items() if key[0] != own.repository}
        return replace(self, files={**others, **own.files})

    def versions(
        self, repository: str, *, without_main: bool
    ) -> dict[tuple[object, ...], tuple[Row, ...] | IndexedFile]:
        """Return the files of a repository by all that makes two the same, whoever sees them."""
        sides = [*([] if without_main else [self.files]), *(each.files for each in self.checkouts.values())]
        found = [stored for files in sides for key, stored in files.items() if key[0] == repository]
        return {version_of(_file(each).state): each for each in found}

    def file(self, key: Key) -> IndexedFile | None:
        """Return a file as it was written."""
        found = self.files.get(key)
        return _file(found) if found is not None else None

    def rows(self) -> list[Row]:
        """Return all chunks by id."""
        return sorted(
            (row for each in self.files.values() if isinstance(each, tuple) for row in each), key=lambda r: r.id
        )

    def stored(self, key: Key) -> StoredFile | None:
        """Return a whole file."""
        file, found = self.file(key), self.files.get(key)
        if file is None:
            return None
        chunks = tuple(
            StoredChunk(
                id=row.id,
                span=row.chunk.chunk.span,
                scope=row.chunk.chunk.scope,
                symbols=row.chunk.chunk.symbols,
                text=row.chunk.text,
            )
            for row in (found if isinstance(found, tuple) else ())
        )
        return StoredFile(state=file.state, language=file.language, roles=file.roles, chunks=chunks)

    def retrieve(self, query: RetrievalQuery, *, repositories: Mapping[str, RepositoryState]) -> Retrieval:
        """Score every chunk and cut each arm."""
        rows = self.rows()
        eligible = [row for row in rows if accepts(query.filters, row.repository, row.file)]
        holding = Counter(term for row in rows for term in row.chunk.terms if term in query.terms)
        idf = {term: log(1 + (len(rows) - holding[term] + 0.5) / (holding[term] + 0.5)) for term in query.terms}
        known = {term: weight * idf[term] for term, weight in query.terms.items() if holding[term]}
        dense, lexical = _dense(rows, query), _lexical(rows, known)
        names = {name.lower() for name in query.names}
        arms: dict[ChunkId, set[Arm]] = {}

        def add(arm: Arm, found: Sequence[Row]) -> None:
            for row in found:
                arms.setdefault(row.id, set()).add(arm)

        add("dense", _best([row for row in eligible if dense.get(row.id) is not None], dense, query.per_arm))
        add("lexical", _best([r for r in eligible if known.keys() & set(r.chunk.terms)], lexical, query.per_arm))
        add("symbol", [row for row in eligible if _named(row, names)][: 2 * query.per_arm])
        add("path", [row for row in eligible if row.first and _ends(row, query.paths)][: query.per_arm])
        return Retrieval(
            candidates=[
                _candidate(row, names, arms[row.id], dense.get(row.id), lexical.get(row.id))
                for row in rows
                if row.id in arms
            ],
            idf=idf,
            repositories=repositories,
            missing_arms=frozenset() if query.vector is not None else frozenset({"dense"}),
        )

    def definitions(self, query: DefinitionQuery) -> list[Definition]:
        """Look definitions up."""
        wanted, others = query.name.lower(), {other.lower() for other in query.also}
        pieces = wanted.split("*") if query.pattern else [wanted, ""] if query.prefix else [wanted]
        names = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL)
        found = [
            Definition(symbol=symbol, repository=row.repository, path=row.file.state.path, roles=row.file.roles)
            for row in self.rows()
            if accepts(query.filters, row.repository, row.file)
            for symbol in row.chunk.chunk.symbols
            if (names.fullmatch(symbol.name.lower()) or symbol.name.lower() in others)
            and (not query.kinds or symbol.kind in query.kinds)
        ]
        found.sort(key=lambda d: (d.symbol.weak, d.symbol.local, d.repository, d.path, d.symbol.line))
        return found[: query.limit]


def version_of(state: FileState) -> tuple[object, ...]:
    """Return what makes two files of a repository the same."""
    return state.path, state.content_hash, state.pipeline, state.skipped


def _file(stored: tuple[Row, ...] | IndexedFile) -> IndexedFile:
    return stored[0].file if isinstance(stored, tuple) else stored


def accepts(filters: Filters, repository: str, file: IndexedFile) -> bool:
    """Tell whether a file meets the conditions."""
    globs = [glob_expression(glob) for glob in filters.path_globs]
    return (
        (not filters.repositories or repository in filters.repositories)
        and (not filters.languages or file.language in filters.languages)
        and (not globs or any(re.fullmatch(glob, file.state.path, re.DOTALL) for glob in globs))
        and not file.roles & filters.without_roles
        and (not filters.roles or bool(file.roles & filters.roles))
    )


def _dense(rows: Sequence[Row], query: RetrievalQuery) -> dict[ChunkId, float | None]:
    if query.vector is None or not np.any(query.vector):
        return {}
    return {row.id: None if row.chunk.vector is None else float(row.chunk.vector @ query.vector) for row in rows}


def _lexical(rows: Sequence[Row], known: Mapping[str, float]) -> dict[ChunkId, float | None]:
    if not known:
        return {}
    weighed = ((row, zip(row.chunk.terms, row.chunk.impacts, strict=True)) for row in rows)
    return {row.id: sum(known.get(term, 0.0) * impact for term, impact in terms) for row, terms in weighed}


def _best(rows: Sequence[Row], scores: Mapping[ChunkId, float | None], limit: int) -> list[Row]:
    """Return the highest, of equal ones those with the lowest ids."""
    return sorted(rows, key=lambda row: (-round(scores[row.id] or 0.0, 6), row.id))[:limit]


def _named(row: Row, names: set[str]) -> tuple[Symbol, ...]:
    return tuple(symbol for symbol in row.chunk.chunk.symbols if symbol.name.lower() in names)


def _ends(row: Row, ends: Sequence[str]) -> bool:
    return any(f"/{row.file.state.path}".endswith(f"/{end}") for end in ends)


def _candidate(row: Row, names: set[str], arms: set[Arm], dense: float | None, lexical: float | None) -> Candidate:
    return Candidate(
        id=row.id,
        repository=row.repository,
        path=row.file.state.path,
        language=row.file.language,
        roles=row.file.roles,
        span=row.chunk.chunk.span,
        kind=row.chunk.chunk.kind,
        scope=row.chunk.chunk.scope,
        symbols=_named(row, names),
        arms=frozenset(arms),
        dense=dense,
        lexical=lexical,
    )


def numbered(repository: str, file: IndexedFile, ids: Iterator[int]) -> tuple[Row, ...] | IndexedFile:
    """Give the chunks of a file ids that are never used again."""
    rows = tuple(
        Row(id=ChunkId(next(ids)), repository=repository, file=file, chunk=chunk, first=number == 0)
        for number, chunk in enumerate(file.chunks)
    )
    return rows or file
