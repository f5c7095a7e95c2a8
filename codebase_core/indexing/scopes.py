"""Which parts of a repository are in an index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import ProjectStore, Run


def covers(scopes: Iterable[str], part: str) -> bool:
    """Whether a file or folder lies in one of some parts of a repository; the empty text is all of it."""
    return any(each in ("", part) or part.startswith(f"{each}/") for each in scopes)


def common_parts(scopes: Iterable[str], parts: Iterable[str]) -> list[str]:
    """Return what lies in both of two lists of parts of a repository, none within another."""
    one, other = list(scopes), list(parts)
    both = {each for each in one if covers(other, each)} | {each for each in other if covers(one, each)}
    return sorted(each for each in both if not covers(both - {each}, each))


def only_parts(root: str, scopes: Iterable[str]) -> str:
    """Say which parts of a repository are indexed."""
    return f"only {', '.join(scopes)} of {root} is indexed"


_RUNS = 1_000
"""More than a store keeps of a project with few repositories."""


async def indexed_scopes(store: ProjectStore, repository: str) -> list[str]:
    """Return what of a repository is in the index, by its runs: all of it, ``""``, or the parts that were named."""
    runs = [run for run in await store.runs(limit=_RUNS) if run.repository == repository]
    return _scopes(runs)


async def indexed_parts(store: ProjectStore) -> dict[str, list[str]]:
    """Return the repositories of which only parts are in the index, with those parts."""
    runs = await store.runs(limit=_RUNS)
    found = {
        name: _scopes([run for run in runs if run.repository == name]) for name in {run.repository for run in runs}
    }
    return {name: scopes for name, scopes in sorted(found.items()) if scopes != [""]}


def _scopes(runs: Iterable[Run]) -> list[str]:
    scopes = sorted({scope for run in runs if run.outcome == "done" for scope in run.scope or ("",)})
    return [""] if "" in scopes or not scopes else scopes
