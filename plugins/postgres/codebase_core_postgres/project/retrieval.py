"""The one statement of a search, and its rows as values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import Candidate, Filters, RepositoryState, Retrieval, Span, from_columns

from codebase_core_postgres.sql.identifiers import statement

from .encoding import array_text, term_number, vector_text
from .filters import arguments
from .manifests import check_generation
from .symbols import listed, symbols

if TYPE_CHECKING:
    from codebase_core_hookspecs import RetrievalQuery

    from codebase_core_postgres.connection.pool import Connection


_CANDIDATE = 4
"""The column at which a candidate begins; 170 of them a search are read by position."""


class Retriever:
    """Ask one project's schema for candidates; ``chunks`` is how many it holds, about."""

    def __init__(
        self, schema: str, vector: str, dimensions: int, *, format_version: int, generation: int, chunks: int
    ) -> None:
        self._generation = generation
        self._chunks = chunks
        sql = statement("retrieve", schema=schema, vector=vector, dimensions=dimensions)
        sql = sql.replace("/*symbols*/", listed(format_version)).replace("/*generation*/", str(int(generation)))
        self._plain = sql
        self._filtered = sql.replace("/*filter ", "AND ").replace("_id*/", "_id IN (SELECT id FROM eligible)")
        self._filtered = self._filtered.replace("c.id*/", "c.id IN (SELECT id FROM eligible)")
        # An approximate index would return the nearest of all, and too few that pass.
        self._filtered = self._filtered.replace("/*exact*/", "+ 0")

    async def retrieve(self, connection: Connection, query: RetrievalQuery) -> Retrieval:
        """Run the statement; one snapshot. Raises GenerationChanged where the tables are another generation's by now."""
        numbers = {term: term_number(term) for term in query.terms}
        rows = await connection.fetch(
            self._statement(query),
            "{" + ",".join(map(str, numbers.values())) + "}",
            "{" + ",".join(f"{weight:.6g}" for weight in query.terms.values()) + "}",
            vector_text(query.vector) if query.vector is not None and query.vector.any() else None,
            array_text([name.lower() for name in query.names]),
            array_text(query.paths),
            *arguments(query.filters),
        )
        about = [row for row in rows if row["id"] is None]
        check_generation(about, self._generation)
        self._chunks = about[0]["chunks"]
        idf = {int(number): value for number, value in json.loads(about[0]["idf"]).items()}
        return Retrieval(
            candidates=_candidates([row[_CANDIDATE:] for row in rows if row["id"] is not None]),
            idf={term: idf[number] for term, number in numbers.items()},
            repositories=_repositories(json.loads(about[0]["repositories"])),
            missing_arms=frozenset() if query.vector is not None else frozenset({"dense"}),
        )

    def _statement(self, query: RetrievalQuery) -> str:
        """Return the statement for a query.

        Rows an arm are part of it because they decide how to scan, and the size of the project so that the plan that
        PostgreSQL keeps was made for one at least half as large.
        """
        format_version = self._filtered if query.filters != Filters() else self._plain
        sql = format_version.replace("/*rows*/", str(int(query.per_arm)))
        return f"{sql}-- of {1 << self._chunks.bit_length()} chunks at most"


def _candidates(rows: Sequence[tuple[Any, ...]]) -> list[Candidate]:
    if not rows:
        return []
    id, arms, repository, path, language, roles, *lines_and_bytes, kind, scope, dense, lexical, defined = zip(
        *rows, strict=True
    )
    start_line, end_line, start_byte, end_byte = lines_and_bytes
    return from_columns(
        Candidate,
        id=id,
        repository=repository,
        path=path,
        language=language,
        roles=map(_words, roles),
        span=from_columns(Span, start_line=start_line, end_line=end_line, start_byte=start_byte, end_byte=end_byte),
        kind=kind,
        scope=scope,
        symbols=map(symbols, defined),
        arms=map(_words, arms),
        dense=dense,
        lexical=lexical,
    )


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[Any]:
    """Split arms and roles, of which there are few."""
    return frozenset(text.split())


def _repositories(rows: Sequence[Sequence[Any]]) -> Mapping[str, RepositoryState]:
    return {
        name: RepositoryState(
            name=name,
            identity=identity,
            root=root,
            machine=UUID(machine),
            commit=commit,
            indexed_at=datetime.fromisoformat(indexed_at) if indexed_at else None,
            running=running,
        )
        for name, identity, root, machine, commit, indexed_at, running in rows
    }
