"""Search: every vector is read, postings only of the query's terms."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from codebase_core_hookspecs import Candidate, ChunkId, Filters, Retrieval, RetrievalQuery, glob_expression

from . import rows

if TYPE_CHECKING:
    from codebase_core_hookspecs import Arm

Scores = Mapping[int, float]


def retrieve(connection: sqlite3.Connection, file: Path, query: RetrievalQuery) -> Retrieval:
    """Return the candidates of every arm with both scores."""
    count: int = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    postings = {
        term: connection.execute("SELECT chunk, impact FROM postings WHERE term = ?", (term,)).fetchall()
        for term in query.terms
    }
    idf = {term: log(1 + (count - len(held) + 0.5) / (len(held) + 0.5)) for term, held in postings.items()}
    lexical: dict[int, float] = {}
    for term, held in postings.items():
        for row in held:
            lexical[row["chunk"]] = lexical.get(row["chunk"], 0.0) + query.terms[term] * idf[term] * row["impact"]
    dense = _dense(connection, query)
    allowed = eligible(connection, query.filters)
    arms: dict[int, set[Arm]] = {}
    found: tuple[tuple[Arm, Iterable[int], int], ...] = (
        ("dense", _best(dense, allowed), query.per_arm),
        ("lexical", _best(lexical, allowed), query.per_arm),
        ("symbol", _within(_named(connection, query), allowed), 2 * query.per_arm),
        ("path", _within(_ending(connection, query), allowed), query.per_arm),
    )
    for arm, chunks, limit in found:
        for chunk in list(chunks)[:limit]:
            arms.setdefault(chunk, set()).add(arm)
    names = {name.lower() for name in query.names}
    return Retrieval(
        candidates=[_candidate(connection, chunk, arms[chunk], names, dense, lexical) for chunk in sorted(arms)],
        idf=idf,
        repositories=rows.repositories(connection, file),
        missing_arms=frozenset() if query.vector is not None else frozenset({"dense"}),
    )


def eligible(connection: sqlite3.Connection, filters: Filters) -> Collection[int] | None:
    """Return the chunks that meet the conditions; None if there are none."""
    if filters == Filters():
        return None
    globs = [re.compile(glob_expression(glob), re.DOTALL) for glob in filters.path_globs]
    files = [
        row["id"]
        for row in connection.execute(
            "SELECT f.id, f.path, f.language, f.roles, r.name FROM files AS f JOIN repositories AS r ON r.id = f.repository"
        )
        if (not filters.repositories or row["name"] in filters.repositories)
        and (not filters.languages or row["language"] in filters.languages)
        and (not globs or any(glob.fullmatch(row["path"]) for glob in globs))
        and not filters.without_roles & set(row["roles"].split())
        and (not filters.roles or filters.roles & set(row["roles"].split()))
    ]
    chunks = (connection.execute("SELECT id FROM chunks WHERE file = ?", (file,)).fetchall() for file in files)
    return {row["id"] for found in chunks for row in found}


def _dense(connection: sqlite3.Connection, query: RetrievalQuery) -> Scores:
    if query.vector is None or not query.vector.any():
        return {}
    found = connection.execute("SELECT chunk, vector FROM vectors").fetchall()
    if not found:
        return {}
    matrix = np.frombuffer(b"".join(row["vector"] for row in found), dtype=np.float32).reshape(len(found), -1)
    return dict(zip((row["chunk"] for row in found), (matrix @ query.vector).tolist(), strict=True))


def _best(scores: Scores, allowed: Collection[int] | None) -> list[int]:
    """Return chunks by score; of equal ones, but for the last digits, the lowest id is first."""
    return sorted(_within(scores, allowed), key=lambda chunk: (-round(scores[chunk], 5), chunk))


def _within(chunks: Iterable[int], allowed: Collection[int] | None) -> Iterable[int]:
    return chunks if allowed is None else (chunk for chunk in chunks if chunk in allowed)


def _named(connection: sqlite3.Connection, query: RetrievalQuery) -> list[int]:
    found = (connection.execute("SELECT chunk FROM symbols WHERE folded = ?", (n.lower(),)) for n in query.names)
    return sorted({row["chunk"] for each in found for row in each})


def _ending(connection: sqlite3.Connection, query: RetrievalQuery) -> list[int]:
    """Return the first chunks of files whose path ends so."""
    sql = (
        "SELECT c.id FROM files AS f JOIN chunks AS c ON c.file = f.id AND c.ordinal = 0 "
        "WHERE substr('/' || f.path, -length(?1) - 1) = '/' || ?1"
    )
    return sorted({row["id"] for end in query.paths for row in connection.execute(sql, (end,))})


def _candidate(
    connection: sqlite3.Connection, chunk: int, arms: set[Arm], names: set[str], dense: Scores, lexical: Scores
) -> Candidate:
    row = connection.execute(
        "SELECT c.*, r.name AS repository, f.path, f.language, f.roles FROM chunks AS c JOIN files AS f ON f.id = c.file "
        "JOIN repositories AS r ON r.id = f.repository WHERE c.id = ?",
        (chunk,),
    ).fetchone()
    defined = rows.symbols(connection, [chunk]).get(chunk, ()) if names else ()
    return Candidate(
        id=ChunkId(chunk),
        repository=row["repository"],
        path=row["path"],
        language=row["language"],
        roles=frozenset(row["roles"].split()),
        span=rows.span(row),
        kind=row["kind"],
        scope=row["scope"],
        symbols=tuple(each for each in defined if each.name.lower() in names),
        arms=frozenset(arms),
        dense=dense.get(chunk),
        lexical=lexical.get(chunk, 0.0),
    )
