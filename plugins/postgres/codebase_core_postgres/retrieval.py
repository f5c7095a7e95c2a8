"""The one statement of a search, and its rows as values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import Candidate, Filters, RepositoryState, Retrieval, Span

from .encoding import array_text, term_number, vector_text
from .filters import arguments
from .identifiers import statement
from .manifests import check_generation
from .symbols import listed, symbols

if TYPE_CHECKING:
    from codebase_core_hookspecs import RetrievalQuery

    from .connections import Connection


_CANDIDATE = 3
"""The column at which a candidate begins; 170 of them a search are read by position."""


class Retriever:
    """Ask one project's schema for candidates."""

    def __init__(self, schema: str, vector: str, dimensions: int, *, form: int, generation: int) -> None:
        self._generation = generation
        sql = statement("retrieve", schema=schema, vector=vector, dimensions=dimensions)
        sql = sql.replace("/*symbols*/", listed(form)).replace("/*generation*/", str(int(generation)))
        self._plain = sql
        self._filtered = sql.replace("/*filter ", "AND ").replace("_id*/", "_id IN (SELECT id FROM eligible)")
        self._filtered = self._filtered.replace("c.id*/", "c.id IN (SELECT id FROM eligible)")
        # An approximate index would return the nearest of all, and too few that pass.
        self._filtered = self._filtered.replace("/*exact*/", "+ 0")

    async def retrieve(self, connection: Connection, query: RetrievalQuery) -> Retrieval:
        """Run the statement; one snapshot. Raises GenerationChanged where the tables are another generation's by now."""
        numbers = {term: term_number(term) for term in query.terms}
        filtered = query.filters != Filters()
        rows = await connection.fetch(
            self._filtered if filtered else self._plain,
            "{" + ",".join(map(str, numbers.values())) + "}",
            "{" + ",".join(f"{weight:.6g}" for weight in query.terms.values()) + "}",
            vector_text(query.vector) if query.vector is not None and query.vector.any() else None,
            array_text([name.lower() for name in query.names]),
            array_text(query.paths),
            query.per_arm,
            *arguments(query.filters),
        )
        check_generation(rows, self._generation)
        idf = {int(number): value for number, value in json.loads(rows[0]["idf"]).items()}
        return Retrieval(
            candidates=[_candidate(row[_CANDIDATE:]) for row in rows if row["id"] is not None],
            idf={term: idf[number] for term, number in numbers.items()},
            repositories=_repositories(json.loads(rows[0]["repositories"])),
            missing_arms=frozenset() if query.vector is not None else frozenset({"dense"}),
        )


def _candidate(row: tuple[Any, ...]) -> Candidate:
    id, arms, repository, path, language, roles, *lines_and_bytes, kind, scope, dense, lexical, defined = row
    start_line, end_line, start_byte, end_byte = lines_and_bytes
    return Candidate(
        id=id,
        repository=repository,
        path=path,
        language=language,
        roles=_words(roles),
        span=Span(start_line=start_line, end_line=end_line, start_byte=start_byte, end_byte=end_byte),
        kind=kind,
        scope=scope,
        symbols=symbols(defined),
        arms=_words(arms),
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
