"""Look a symbol up by its name: where is it defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import Answer, Definition, DefinitionQuery, Hit, ResolvedProject, SymbolRequest

from .context import file_lines
from .excerpt import excerpted
from .freshness import file_state
from .query import split_name
from .ranking import definition_weight, role_factor

if TYPE_CHECKING:
    from codebase_core_hookspecs import HitState, ProjectStore, StoredFile

LOOKED_UP = 1_000
"""Definitions of one name that are ranked; the store hands out certain ones first."""

SIMILAR, NAMED = 100, 5
"""Definitions whose names begin with one that nothing has, and how many of those names are told."""


async def answer_symbol(
    request: SymbolRequest, *, store: ProjectStore, project: ResolvedProject, machine: UUID
) -> Answer:
    """Return the definitions of a name, best first: ``send``, ``Client.send``, ``parse_*``; the case decides ties."""
    began = perf_counter()
    wanted = request.query.strip()
    prefix = wanted.endswith("*")
    last, qualifiers = split_name(wanted.rstrip("*"))
    query = DefinitionQuery(name=last, prefix=prefix, kinds=request.kinds, filters=request.filters, limit=LOOKED_UP)
    found = await store.definitions(query) if _speakable(last) or (request.kinds and not last) else []
    scored = ((_score(each, last, qualifiers), each) for each in found)
    ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1].symbol.name, pair[1].path))[: request.limit]
    places = list(dict.fromkeys((each.repository, each.path) for _, each in ranked))
    files = await store.files(places) if places else {}
    repositories = {state.name: state for state in await store.repositories()}
    hits = [
        _hit(
            each,
            file,
            score=score,
            state=file_state(file.state, repositories[each.repository], machine=machine),
        )
        for score, each in ranked
        if (file := files.get((each.repository, each.path))) is not None
    ]
    shown, left_out = await excerpted(hits, last, store=store, excerpt=request.excerpt)
    return Answer(
        query=request.query,
        note=left_out if hits or not _speakable(last) else await _unknown(query, store),
        project=project,
        repositories=list(repositories.values()),
        hits=shown,
        timings={"total": 1000 * (perf_counter() - began)},
    )


def _speakable(name: str) -> bool:
    return name != "" and name.isprintable()


async def _unknown(query: DefinitionQuery, store: ProjectStore) -> str:
    """Say that no definition has a name, and which ones begin with it."""
    similar = [] if query.prefix else await store.definitions(replace(query, prefix=True, limit=SIMILAR))
    names = ", ".join(sorted({each.symbol.name for each in similar})[:NAMED])
    return f"no definition named {query.name!r} matches" + (f"; similar names: {names}" if names else "")


def _score(found: Definition, name: str, qualifiers: Sequence[str]) -> float:
    same_case = found.symbol.name.startswith(name)
    weight = definition_weight(found.symbol, found.path, same_case=same_case, qualifiers=qualifiers)
    return weight * role_factor(found.roles, frozenset())


def _hit(found: Definition, file: StoredFile, *, score: float, state: HitState) -> Hit:
    """Return a definition from its name to its end; to the end of its chunk where the end is not known."""
    symbol = found.symbol
    lines = file_lines(file)
    chunk_end = next((c.span.end_line for c in file.chunks if symbol in c.symbols), symbol.line)
    end = min(symbol.end_line or chunk_end, len(lines))
    return Hit(
        repository=found.repository,
        path=found.path,
        start_line=symbol.line,
        end_line=max(end, symbol.line),
        language=file.language,
        symbols=(symbol,),
        score=score,
        state=state,
        text="".join(lines[symbol.line - 1 : end]),
    )
