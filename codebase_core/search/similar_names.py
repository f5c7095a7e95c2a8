"""Did you mean: names that somebody may have meant who wrote one that nothing has."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from codebase_core_hookspecs import DefinitionQuery, Filters

from .names import Reading, folded

if TYPE_CHECKING:
    from codebase_core_hookspecs import Definition, ProjectStore

LOOKED_AT, TOLD = 1_000, 5
"""Definitions that begin or end as the name does and are compared with it, a look-up; and how many names are told."""

_ALIKE = 0.7
"""A ratio of letters in common, 1 for equal names: one wrong letter in four passes, and two that are swapped in five."""

_LEAST_LETTERS = 3


async def similar_names(reading: Reading, *, store: ProjectStore, filters: Filters = Filters()) -> list[str]:
    """Return names of definitions that are written nearly so, or begin so; the likeliest first.

    A name with a slip or two of the pen still has its first or its last third, so only such names are looked up.
    """
    name = folded(reading.name)
    if len(name) < _LEAST_LETTERS:
        return []
    third = max(2, len(name) // 3)
    wanted = DefinitionQuery(name=name, prefix=True, filters=filters, limit=LOOKED_AT)
    beginning = await store.definitions(wanted)
    same_first = await store.definitions(replace(wanted, name=name[:third]))
    same_last = await store.definitions(replace(wanted, name=f"*{name[-third:]}", prefix=False, pattern=True))
    looked_up = (*beginning, *same_first, *same_last)
    scored: dict[str, float] = {}
    for found in {(each.path, each.symbol.qualified_name): each for each in looked_up}.values():
        likeness = _likeness(found, reading)
        if likeness is not None and folded(found.symbol.name) != name:
            scored[found.symbol.name] = max(likeness, scored.get(found.symbol.name, 0.0))
    return sorted(scored, key=lambda each: (-scored[each], each))[:TOLD]


def _likeness(found: Definition, reading: Reading) -> float | None:
    """Return how near a definition is to what was written; None if it is too far."""
    name, other = folded(reading.name), folded(found.symbol.name)
    compared = SequenceMatcher(None, name, other)
    begins = other.startswith(name)
    if not begins and (compared.real_quick_ratio() < _ALIKE or compared.quick_ratio() < _ALIKE):
        return None
    ratio = compared.ratio()
    if not begins and ratio < _ALIKE:
        return None
    scope = folded(found.symbol.qualified_name).split(".")[:-1]
    inside = bool(reading.qualifiers) and reading.qualifiers[-1] in scope
    same_case = SequenceMatcher(None, reading.name, found.symbol.name).ratio()
    aside = found.symbol.weak + bool({"test", "example", "vendored"} & found.roles)
    return ratio + 0.01 * same_case + inside - 0.1 * aside
