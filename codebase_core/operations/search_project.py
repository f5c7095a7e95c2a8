"""Open a project for questions: its index and the embedder that the index pins."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from codebase_core_hookspecs import RetrievalQuery

from codebase_core.errors import EmbedderMismatch, EmbedderUnavailable
from codebase_core.projects.generations import retry_on_generation_change
from codebase_core.search.reranking import Reranking
from codebase_core.search.searcher import Index, Searcher

from .own_checkout import open_checkout

if TYPE_CHECKING:
    from codebase_core_hookspecs import ProjectStore

    from codebase_core.engine import Engine
    from codebase_core.projects.resolution import Resolution


async def open_searcher(
    engine: Engine, resolution: Resolution, *, seen: ProjectStore | None = None, reranker: str | None = None
) -> Searcher:
    """Open the project of a resolution, to ask it one question or many; raise what ``Resolution.require_project`` raises.

    ``seen`` is its index, if that was opened just now. ``reranker`` is another one than the settings choose; whoever names it
    waits for it as long as it takes, and hears at once if there is none.
    """
    if reranker is not None:
        await engine.reranker(reranker)

    async def reopen() -> Index:
        return await _open_index(engine, resolution)

    store, embedder = await _open_index(engine, resolution, seen=seen)
    return Searcher(
        resolution=resolution,
        store=store,
        embedder=embedder,
        machine=engine.machine,
        reopen=reopen,
        reranking=Reranking(
            partial(engine.reranker, reranker), engine.settings["rerank_budget"] if reranker is None else None
        ),
    )


async def _open_index(engine: Engine, resolution: Resolution, *, seen: ProjectStore | None = None) -> Index:
    first = [seen] if seen is not None else []

    async def work() -> Index:
        store = first.pop() if first else await open_checkout(engine, resolution)
        try:
            return store, await engine.embedder_of(store.manifest)
        except (EmbedderMismatch, EmbedderUnavailable):
            # Raises GenerationChanged, and so opens the newer index, if a reindex replaced the one just opened.
            await store.retrieve(RetrievalQuery(per_arm=1))
            raise

    return await retry_on_generation_change(work)
