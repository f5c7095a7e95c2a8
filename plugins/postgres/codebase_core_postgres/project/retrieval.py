"""The one statement of a search, and its rows as values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import Candidate, Filters, RepositoryState, Retrieval, Span
from pgvector import HalfVector

from codebase_core_postgres.sql.loader import query

from .encoding import array_text, term_number
from .filters import arguments
from .manifests import check_generation
from .process_identity import is_alive
from .sides import runs_of_main
from .symbols import end_line, symbols

if TYPE_CHECKING:
    from codebase_core_hookspecs import RetrievalQuery

    from codebase_core_postgres.connection.pool import Connection


_CANDIDATE = 4
"""The column at which a candidate begins; 170 of them a search are read by position."""


class Retriever:
    """Ask one project's schema for candidates; ``chunks`` is how many it holds, about."""

    def __init__(
        self,
        schema: str,
        vector: str,
        dimensions: int,
        *,
        format_version: int,
        generation: int,
        chunks: int,
        checkout: int | None = None,
    ) -> None:
        self._schema = schema
        self._vector = vector
        self._dimensions = dimensions
        self._checkout = checkout
        self._end_line = end_line(format_version)
        self._of_main = runs_of_main(format_version)
        self._generation = generation
        self._chunks = chunks

    async def retrieve(self, connection: Connection, wanted: RetrievalQuery) -> Retrieval:
        """Run the statement; one snapshot. Raises GenerationChanged where the tables are another generation's by now."""
        numbers = {term: term_number(term) for term in wanted.terms}
        filtered = wanted.filters != Filters()
        rows = await connection.fetch(
            self._statement(rows=wanted.per_arm, filtered=filtered),
            "{" + ",".join(map(str, numbers.values())) + "}",
            "{" + ",".join(f"{weight:.6g}" for weight in wanted.terms.values()) + "}",
            HalfVector(wanted.vector).to_text() if wanted.vector is not None and wanted.vector.any() else None,
            array_text([name.lower() for name in wanted.names]),
            array_text(wanted.paths),
            *(arguments(wanted.filters) if filtered or self._checkout is not None else ()),
            *([str(self._checkout)] if self._checkout is not None else ()),
        )
        about = [row for row in rows if row["id"] is None]
        check_generation(about, self._generation)
        self._chunks = about[0]["chunks"]
        idf = {int(number): value for number, value in json.loads(about[0]["idf"]).items()}
        return Retrieval(
            candidates=[_candidate(row[_CANDIDATE:]) for row in rows if row["id"] is not None],
            idf={term: idf[number] for term, number in numbers.items()},
            repositories=_repositories(json.loads(about[0]["repositories"])),
            missing_arms=frozenset() if wanted.vector is not None else frozenset({"dense"}),
        )

    def _statement(self, *, rows: int, filtered: bool) -> str:
        """Return the statement; the number of rows is part of it because it decides how to scan."""
        if self._checkout is not None:
            return self._statement_of_checkout(rows=rows, filtered=filtered)
        return query(
            "retrieve_filtered" if filtered else "retrieve",
            schema=self._schema,
            vector=self._vector,
            d=self._dimensions,
            end_line=self._end_line,
            of_main=self._of_main,
            generation=self._generation,
            rows=int(rows),
            chunks=1 << self._chunks.bit_length(),
        )

    def _statement_of_checkout(self, *, rows: int, filtered: bool) -> str:
        exactly = query("checkouts.exactly", schema=self._schema, vector=self._vector)
        return query(
            "retrieve_checkout",
            schema=self._schema,
            vector=self._vector,
            d=self._dimensions,
            end_line=self._end_line,
            generation=self._generation,
            rows=int(rows),
            files=query("checkouts.files", schema=self._schema),
            chunks=query("checkouts.chunks", schema=self._schema),
            symbols=query("checkouts.symbols", schema=self._schema),
            among=" " + query("checkouts.among") if filtered else "",
            nearest=exactly if filtered else "distance",
            about=1 << self._chunks.bit_length(),
        )


def _candidate(row: tuple[Any, ...]) -> Candidate:
    id, arms, repository, path, language, roles, *lines_and_bytes, kind, scope, dense, lexical, defined = row
    return Candidate(
        id=id,
        repository=repository,
        path=path,
        language=language,
        roles=_words(roles),
        span=Span(*lines_and_bytes),
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
            running=holder is not None and is_alive(holder),
            main=all(main),
        )
        for name, identity, root, machine, commit, indexed_at, holder, *main in rows
    }
