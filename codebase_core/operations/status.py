"""What is indexed in a project, and how fresh it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from codebase_core_hookspecs import FileState, Status

from codebase_core.indexing.scopes import indexed_parts
from codebase_core.projects.generations import retry_on_generation_change
from codebase_core.sources.minified import MINIFIED

from .own_checkout import open_checkout
from .refresh import drifts_of

if TYPE_CHECKING:
    from codebase_core_hookspecs import Manifest, Project

    from codebase_core.engine import Engine
    from codebase_core.projects.resolution import Resolution


async def status_of(engine: Engine, resolution: Resolution, *, compare: bool = False) -> Status:
    """Say what is indexed in a project that is resolved already; ``compare`` adds how far its trees have moved since."""
    project = resolution.require_project()

    async def look() -> Status:
        store = await open_checkout(engine, resolution)
        freshness, drifts = await drifts_of(engine, resolution, store=store) if compare else (None, {})
        return Status(
            project=resolution.resolved_project(),
            binding=project.binding,
            statistics=await store.statistics(),
            manifest=store.manifest,
            next=await _unfinished(engine, project),
            parts=await indexed_parts(store),
            drifts=drifts,
            freshness=freshness,
        )

    return await retry_on_generation_change(look)


async def skipped_files(engine: Engine, resolution: Resolution) -> AsyncIterator[dict[str, str]]:
    """Iterate over the files that are not indexed, or not as they should be, each with its reason."""
    store = await open_checkout(engine, resolution)
    async for page in store.skipped_files():
        for repository, state in page:
            reason = state.skipped or _read_otherwise(state)
            yield {"repository": repository, "path": state.path, "reason": reason}


async def _unfinished(engine: Engine, project: Project) -> Manifest | None:
    if "generations" not in engine.plugins.store(project.binding.store).supports:
        return None
    return await (await engine.store(project.binding.store)).unfinished(project.binding, project=project.id)


def _read_otherwise(state: FileState) -> str:
    """Say what is not as usual with a file that is indexed."""
    facts = (
        state.fallback if state.fallback == MINIFIED else f"cut by lines: {state.fallback}" if state.fallback else None,
        f"read as {state.encoding}" if state.encoding else None,
    )
    return "; ".join(filter(None, facts))
