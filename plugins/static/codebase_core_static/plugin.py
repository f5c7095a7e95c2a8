"""Declare the static embedder."""

from __future__ import annotations

from codebase_core_hookspecs import Embedder, EmbedderPlugin, PluginContext, hookimpl


async def open_embedder(_context: PluginContext, model: str | None) -> Embedder:
    """Open the shipped model; raise EmbedderUnavailable when another one is asked for."""
    from .embedder import StaticEmbedder  # imports numpy: 30 ms

    return StaticEmbedder.open(model)


@hookimpl
def codebase_core_embedders() -> tuple[EmbedderPlugin, ...]:
    """Declare one embedder, ``static``."""
    return (
        EmbedderPlugin(
            name="static",
            summary="A static model that ships with codebase-core: no download, no server, no GPU",
            open=open_embedder,
            cache_vectors=False,
            document_text="words",
            file_centroid=True,
        ),
    )
