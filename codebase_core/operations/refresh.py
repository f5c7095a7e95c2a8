"""Look at the trees of a project before it answers: index a few changes on the spot, and say how far it is behind otherwise."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from codebase_core_hookspecs import Drift, Freshness

from codebase_core.errors import CodebaseCoreError
from codebase_core.indexing.scopes import covers, indexed_parts
from codebase_core.projects.repository import Repository

from .compare_tree import compare_tree
from .tree_freshness import elsewhere, index_part, not_indexed, nothing_here, rest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codebase_core_hookspecs import ProjectStore, RepositoryState

    from codebase_core.engine import Engine
    from codebase_core.indexing.changes import Changes
    from codebase_core.projects.resolution import Resolution

COUNTED = 1_000_000
"""So many files are counted: all, before the budget ends."""


class _Compared(NamedTuple):
    """A repository, or a part of it, and how it differs from its index."""

    state: RepositoryState
    place: Repository
    changes: Changes

    @property
    def drift(self) -> Drift:
        found, head = self.changes, Repository(root=self.place.root, scope="").commit()
        return Drift(commit=self.state.commit, head=head, changed=found.changed, new=found.new, deleted=found.deleted)


async def refresh(engine: Engine, resolution: Resolution, *, store: ProjectStore) -> Freshness:
    """Compare the trees that are here with the index, within the setting ``refresh_budget``, and index a few changes."""
    trees = await _trees_of(engine, resolution, store)
    if isinstance(trees, Freshness):
        return trees
    parts = await indexed_parts(store)
    compared = await _compare(engine, resolution, store, trees, parts)
    if isinstance(compared, Freshness):
        return compared
    late = [each for each in compared if each.changes.files]
    large = next((each for each in late if not each.changes.small), None)
    if large is not None:
        return Freshness(state="behind", reason=str(large.drift))
    for each in late:
        why = await _not_indexed(engine, each.place, resolution)
        if why is not None:
            return Freshness(state="behind", reason=f"{each.drift}: {why}")
    return Freshness(state="current", reason=_only(resolution, trees, parts))


async def drifts_of(
    engine: Engine, resolution: Resolution, *, store: ProjectStore
) -> tuple[Freshness, dict[str, Drift]]:
    """Say how far the trees that are here have moved from the index, by repository; nothing is indexed."""
    trees = await _trees_of(engine, resolution, store)
    if isinstance(trees, Freshness):
        return trees, {}
    parts = await indexed_parts(store)
    compared = await _compare(engine, resolution, store, trees, parts)
    if isinstance(compared, Freshness):
        return compared, {}
    drifts: dict[str, Drift] = {}
    for each in compared:
        name, drift = each.state.name, each.drift
        before = drifts.get(name, Drift(commit=drift.commit, head=drift.head))
        drifts[name] = replace(
            drift,
            changed=before.changed + drift.changed,
            new=before.new + drift.new,
            deleted=before.deleted + drift.deleted,
        )
    late = next((each for each in drifts.values() if each.files), None)
    if late is not None:
        return Freshness(state="behind", reason=str(late)), drifts
    return Freshness(state="current", reason=_only(resolution, trees, parts)), drifts


async def _compare(
    engine: Engine,
    resolution: Resolution,
    store: ProjectStore,
    trees: Sequence[RepositoryState],
    parts: Mapping[str, Sequence[str]],
) -> list[_Compared] | Freshness:
    """Compare what is indexed of every tree, or say that it takes too long."""
    project, compared = resolution.require_project(), []
    budget: float = engine.settings["refresh_budget"]
    try:
        async with asyncio.timeout(budget):
            for state in trees:
                for scope in parts.get(state.name, [""]):
                    place = Repository(root=Path(state.root), scope=scope)
                    found = await compare_tree(
                        engine, place, project=project, store=store, name=state.name, limit=COUNTED
                    )
                    compared.append(_Compared(state, place, found))
    except TimeoutError:
        why = f"to compare the tree takes longer than {budget:g} s (setting refresh_budget)"
        return Freshness(state="unknown", reason=why)
    return compared


async def _trees_of(
    engine: Engine, resolution: Resolution, store: ProjectStore
) -> Sequence[RepositoryState] | Freshness:
    """Return the repositories whose trees are here, or why there is none to look at."""
    known = await store.repositories()
    found = elsewhere(engine, resolution.asked, known)
    if found is not None:
        return found
    here = [each for each in known if each.machine == engine.machine and each.indexed_at and _is_folder(each.root)]
    return here or nothing_here(known, why="its folder is not here")


async def _not_indexed(engine: Engine, place: Repository, resolution: Resolution) -> str | None:
    """Index a part of a repository into its project; return why that could not be done."""
    try:
        await index_part(engine, place, project=resolution.require_project())
    except CodebaseCoreError as exc:
        return not_indexed(exc)
    return None


def _only(resolution: Resolution, trees: Sequence[RepositoryState], parts: Mapping[str, Sequence[str]]) -> str | None:
    """Say of which repositories only a part is indexed, unless that is the part that is asked about."""
    asked = resolution.asked
    reasons = [
        rest_of(state.root, parts[state.name])
        for state in trees
        if state.name in parts
        and not (asked is not None and str(asked.root) == state.root and covers(parts[state.name], asked.scope))
    ]
    return "; ".join(reasons) or None


def _is_folder(root: str) -> bool:
    return Path(root).is_dir()
