"""What to say where nothing passes the filters of a query."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import Filters, ProjectStore


async def explain_no_results(filters: Filters, *, store: ProjectStore) -> str:
    """Name the values that the index does not have, and those that it has."""
    counted = await store.statistics()
    told = [
        _unknown("language", filters.languages, counted.languages),
        _unknown("repository", filters.repositories, [state.name for state in counted.repositories]),
        "paths are those in a repository, or from the current folder" if filters.path_globs else None,
    ]
    return "; ".join(["no result passes the filters", *filter(None, told)])


def _unknown(what: str, asked: Collection[str], known: Collection[str]) -> str | None:
    wrong = sorted(set(asked) - set(known))
    return f"no {what} is {', '.join(wrong)}; there are: {', '.join(sorted(known))}" if wrong else None
