"""Which parts of a repository are in an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import ProjectStore

_RUNS = 1_000
"""More than a store keeps of a project with few repositories."""


async def indexed_scopes(store: ProjectStore, repository: str) -> list[str]:
    """Return what of a repository is in the index, by its runs: all of it, ``""``, or the parts that were named."""
    runs = [run for run in await store.runs(limit=_RUNS) if run.repository == repository and run.outcome == "done"]
    scopes = sorted({scope for run in runs for scope in run.scope or ("",)})
    return [""] if "" in scopes or not scopes else scopes
