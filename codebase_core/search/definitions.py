"""Look a symbol up by its name: where is it defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import Answer, Definition, DefinitionQuery, Hit, ResolvedProject, SymbolRequest

from .context import file_lines
from .exactness import SAME, exactness
from .excerpt import excerpted
from .freshness import file_state
from .names import Reading, folded, readings
from .ranking import definition_weight, role_factor

if TYPE_CHECKING:
    from codebase_core_hookspecs import HitState, ProjectStore, StoredFile

LOOKED_UP = 1_000
"""Definitions of one name that are ranked; the store hands out certain ones first."""

_OTHER_SPELLING, _OTHER_SCOPE, _OTHER_NAME = 10, 20, 30
"""How far a definition is from the name that was written; less than ten by the exactness of its qualifier and case."""

SIMILAR, NAMED = 100, 5
"""Definitions whose names begin with one that nothing has, and how many of those names are told."""


async def answer_symbol(
    request: SymbolRequest, *, store: ProjectStore, project: ResolvedProject, machine: UUID
) -> Answer:
    """Return the definitions of a name, best first: ``send``, ``Client.send``, ``parse_*``; the case decides ties.

    A name is found as it is shown, whatever signs it holds; other spellings of it come after.
    """
    began = perf_counter()
    wanted = request.query.strip()
    beginning = wanted.rstrip("*") if wanted.endswith("*") else None
    read = readings(wanted if beginning is None else beginning)
    query = DefinitionQuery(name=wanted, kinds=request.kinds, filters=request.filters, limit=LOOKED_UP)
    found = await _found(query, read, store=store, beginning=beginning) if _storable(wanted) else []
    scored = ((*_score(each, wanted, read), each) for each in found)
    ranked = sorted(scored, key=lambda each: (each[0], -each[1], each[2].symbol.name, each[2].path))[: request.limit]
    places = list(dict.fromkeys((each.repository, each.path) for _, _, each in ranked))
    files = await store.files(places) if places else {}
    repositories = {state.name: state for state in await store.repositories()}
    hits = [
        _hit(
            each,
            file,
            score=score,
            state=file_state(file.state, repositories[each.repository], machine=machine),
        )
        for _, score, each in ranked
        if (file := files.get((each.repository, each.path))) is not None
    ]
    shown, left_out = await excerpted(hits, read[-1].name, store=store, excerpt=request.excerpt)
    return Answer(
        query=request.query,
        note=left_out if hits or not _storable(wanted) else await _unknown(query, read, store=store),
        project=project,
        repositories=list(repositories.values()),
        hits=shown,
        timings={"total": 1000 * (perf_counter() - began)},
    )


def _storable(name: str) -> bool:
    """Tell whether a name may be in an index: one with NUL, or half a character, is in none."""
    return name != "" and "\0" not in name and not any("\ud800" <= letter <= "\udfff" for letter in name)


async def _found(
    query: DefinitionQuery, read: Sequence[Reading], *, store: ProjectStore, beginning: str | None
) -> Sequence[Definition]:
    """Look up all that a text may name; ``beginning`` is what stands before the ``*`` of a text that ends with one."""
    if beginning is None:
        return await store.definitions(replace(query, also=_spellings(read)))
    exact = await store.definitions(query)
    if not beginning and not query.kinds:
        return exact
    found = list(exact)
    for each in read:
        found += await store.definitions(replace(query, name=each.name, prefix=True))
    return list({(each.repository, each.path, each.symbol): each for each in found}.values())


def _spellings(read: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelling for each in read for spelling in each.spellings()))


async def _unknown(query: DefinitionQuery, read: Sequence[Reading], *, store: ProjectStore) -> str:
    """Say that no definition has a name, and which ones begin with it."""
    name = read[-1].name
    begins = replace(query, name=name, prefix=True, limit=SIMILAR)
    similar = [] if query.name.endswith("*") or not name else await store.definitions(begins)
    names = ", ".join(sorted({each.symbol.name for each in similar})[:NAMED])
    return f"no definition named {name or query.name!r} matches" + (f"; similar names: {names}" if names else "")


def _score(found: Definition, wanted: str, read: Sequence[Reading]) -> tuple[int, float]:
    """Return how far a definition is from what was written, 0 for the name as it is shown, and its score."""
    return min((_distance(found, each, wanted) for each in read), key=lambda pair: (pair[0], -pair[1]))


def _distance(found: Definition, reading: Reading, wanted: str) -> tuple[int, float]:
    symbol = found.symbol
    weight = definition_weight(symbol, found.path, same_case=symbol.name.startswith(reading.name), qualifiers=())
    score = weight * role_factor(found.roles, frozenset())
    if symbol.name == wanted:
        return 0, score
    if folded(symbol.name) not in reading.spellings() or wanted.endswith("*"):
        return _OTHER_NAME, score
    level = exactness(symbol, found.path, reading)
    spelled = 0 if reading.is_spelled(symbol.name) else _OTHER_SPELLING
    return (spelled + SAME - level if level else _OTHER_SCOPE), score


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
