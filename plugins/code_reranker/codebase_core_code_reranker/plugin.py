"""Declare the reranker. Importing this imports neither numpy nor ONNX runtime."""

from __future__ import annotations

from codebase_core_hookspecs import PluginContext, Reranker, RerankerPlugin, hookimpl


async def open_reranker(_context: PluginContext, model: str | None) -> Reranker:
    """Open the shipped model; raise RerankerUnavailable when another one is asked for."""
    from .reranker import CodeReranker  # imports ONNX runtime: 0.1 s

    return CodeReranker.open(model)


@hookimpl
def codebase_core_rerankers() -> tuple[RerankerPlugin, ...]:
    """Declare one reranker, ``code``."""
    return (
        RerankerPlugin(
            name="code",
            summary="A cross-encoder of three layers, trained on documented code; it ships with codebase-core",
            open=open_reranker,
        ),
    )
