"""What to say where nothing passes the filters of a query."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from codebase_core.sources.role_names import ROLE_NAMES

if TYPE_CHECKING:
    from codebase_core_hookspecs import Filters, ProjectStore


async def explain_no_results(filters: Filters, *, store: ProjectStore) -> str:
    """Name the values that the index does not have, and those that it has."""
    counted = await store.statistics()
    told = [
        _unknown("language", filters.languages, counted.languages),
        _unknown("repository", filters.repositories, [state.name for state in counted.repositories]),
        f"only {_listed(filters.roles)} were asked for" if filters.roles else None,
        f"{_listed(filters.without_roles)} were left out" if filters.without_roles else None,
        "paths are those in a repository, or from the current folder" if filters.path_globs else None,
    ]
    return "; ".join(["no result passes the filters", *filter(None, told)])


def _listed(roles: Collection[str]) -> str:
    return ", ".join(name for name, role in ROLE_NAMES.items() if role in roles)


def _unknown(what: str, asked: Collection[str], known: Collection[str]) -> str | None:
    wrong = sorted(set(asked) - set(known))
    return f"no {what} is {', '.join(wrong)}; there are: {', '.join(sorted(known))}" if wrong else None
