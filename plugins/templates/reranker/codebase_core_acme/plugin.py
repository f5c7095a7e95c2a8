"""Declare the reranker. Importing this must stay cheap: libraries are imported when the reranker is opened."""

from __future__ import annotations

from codebase_core_hookspecs import PluginContext, Reranker, RerankerPlugin, hookimpl


async def open_reranker(_context: PluginContext, model: str | None) -> Reranker:
    """Open a model by name, None for the default one."""
    from .reranker import AcmeReranker

    return AcmeReranker.open(model)


@hookimpl
def codebase_core_rerankers() -> list[RerankerPlugin]:
    """Declare one family of models, ``acme``."""
    return [RerankerPlugin(name="acme", summary="Scores of acme", open=open_reranker)]
