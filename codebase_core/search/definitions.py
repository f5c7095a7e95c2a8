"""Look a symbol up by its name: where is it defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import Answer, Definition, DefinitionQuery, Hit, ResolvedProject, SymbolRequest

from .context import file_lines
from .exactness import INEXACT, SAME, exactness
from .excerpt import excerpted
from .freshness import file_state
from .kinds import kinds_named, unknown_kinds
from .names import Reading, folded, readings
from .ranking import definition_weight, role_factor
from .similar_names import similar_names

if TYPE_CHECKING:
    from codebase_core_hookspecs import HitState, ProjectStore, StoredFile

LOOKED_UP = 5_000
"""Definitions of one name that are ranked; the store hands out certain ones first."""

_OTHER_SPELLING, _OTHER_SCOPE, _OTHER_NAME = 10, 20, 30
"""How far a definition is from the name that was written; less than ten by the exactness of its qualifier and case."""


async def answer_symbol(
    request: SymbolRequest, *, store: ProjectStore, project: ResolvedProject, machine: UUID
) -> Answer:
    """Return the definitions of a name, best first: ``send``, ``Client.send``, ``parse_*``, ``*HTTP*``.

    A name is found as it is shown, whatever signs it holds; other spellings of it come after.
    """
    began = perf_counter()
    wanted = request.query.strip()
    read = readings(wanted)
    kinds = kinds_named(request.kinds)
    query = DefinitionQuery(name=wanted, kinds=kinds, filters=request.filters, limit=LOOKED_UP)
    found = await _found(query, read, store=store) if _storable(wanted) else []
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
            distance=distance,
            state=file_state(file.state, repositories[each.repository], machine=machine),
        )
        for distance, score, each in ranked
        if (file := files.get((each.repository, each.path))) is not None
    ]
    shown, left_out = await excerpted(hits, read[-1].name.replace("*", " "), store=store, excerpt=request.excerpt)
    caveats = [left_out]
    if not hits and _storable(wanted):
        caveats = [await _unknown(request, read[-1], store=store)]
    elif ranked and _OTHER_SCOPE <= ranked[0][0] < _OTHER_NAME:
        caveats.insert(0, f"nothing named {read[-1].name} is in {read[-1].written[-1]}: these are elsewhere")
    return Answer(
        query=request.query,
        note="; ".join(filter(None, caveats)) or None,
        project=project,
        repositories=list(repositories.values()),
        hits=shown,
        timings={"total": 1000 * (perf_counter() - began)},
    )


def _storable(name: str) -> bool:
    """Tell whether a name may be in an index: one with NUL, or half a character, is in none."""
    return name != "" and "\0" not in name and not any("\ud800" <= letter <= "\udfff" for letter in name)


async def _found(query: DefinitionQuery, read: Sequence[Reading], *, store: ProjectStore) -> Sequence[Definition]:
    """Look up all that a text may name; where it holds a ``*``, the name with that sign and all that match."""
    if "*" not in query.name:
        return await store.definitions(replace(query, also=_spellings(read)))
    found = list(await store.definitions(query))
    if query.name.strip("*") or query.kinds:
        for each in read:
            found += await store.definitions(_pattern(query, each.name))
    return list({(each.repository, each.path, each.symbol): each for each in found}.values())


def _pattern(query: DefinitionQuery, name: str) -> DefinitionQuery:
    beginning = name.removesuffix("*")
    simple = "*" not in beginning
    return replace(query, name=beginning if simple else name, prefix=simple, pattern=not simple)


def _spellings(read: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelling for each in read for spelling in each.spellings()))


async def _unknown(request: SymbolRequest, reading: Reading, *, store: ProjectStore) -> str:
    """Say that no definition has a name, and which similar ones there are."""
    if (no_kind := unknown_kinds(request.kinds)) is not None:
        return no_kind
    name = reading.name or request.query
    if request.kinds:
        others = DefinitionQuery(name=name, filters=request.filters, limit=LOOKED_UP)
        kinds = sorted({found.symbol.kind for found in await store.definitions(others)})
        if kinds:
            return (
                f"no definition named {name!r} is a {', '.join(sorted(request.kinds))}; there are: {', '.join(kinds)}"
            )
    names = [] if "*" in name else await similar_names(reading, store=store, filters=request.filters)
    told = f"; did you mean {', '.join(names)}?" if names else ""
    return f"no definition named {name!r} matches{told}"


def _score(found: Definition, wanted: str, read: Sequence[Reading]) -> tuple[int, float]:
    """Return how far a definition is from what was written, 0 for the name as it is shown, and its score."""
    return min((_distance(found, each, wanted) for each in read), key=lambda pair: (pair[0], -pair[1]))


def _distance(found: Definition, reading: Reading, wanted: str) -> tuple[int, float]:
    symbol = found.symbol
    same_case = reading.name.replace("*", "") in symbol.name
    weight = definition_weight(symbol, found.path, same_case=same_case, qualifiers=())
    score = weight * role_factor(found.roles, frozenset())
    if symbol.name == wanted:
        return 0, score
    if "*" in wanted:
        inside = exactness(symbol, found.path, reading._replace(name=symbol.name)) if reading.written else INEXACT
        return _OTHER_NAME + SAME - inside, score
    if folded(symbol.name) not in reading.spellings():
        return _OTHER_NAME, score
    level = exactness(symbol, found.path, reading)
    spelled = 0 if reading.is_spelled(symbol.name) else _OTHER_SPELLING
    return (spelled + SAME - level if level else _OTHER_SCOPE), score


def _hit(found: Definition, file: StoredFile, *, score: float, distance: int, state: HitState) -> Hit:
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
        asked=symbol.qualified_name,
        stages={"distance": float(distance)},
        score=score,
        state=state,
        text="".join(lines[symbol.line - 1 : end]),
    )
