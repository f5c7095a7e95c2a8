"""Which parts of a repository are in an index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import ProjectStore, Run

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
