"""What this package declares. Importing it imports nothing heavy."""

from __future__ import annotations

from codebase_core_hookspecs import Embedder, EmbedderPlugin, PluginContext, hookimpl


async def open_embedder(context: PluginContext, model: str | None) -> Embedder:
    """Open a model by name, the default one for None; raise EmbedderUnavailable for one that cannot be had."""
    del context  # options are here, and a folder for state
    from .embedder import AcmeEmbedder  # imports numpy

    return AcmeEmbedder.open(model)


@hookimpl
def codebase_core_embedders() -> list[EmbedderPlugin]:
    """Declare one family of models, ``acme``; vectors are kept and reused by text unless ``cache_vectors`` is False."""
    return [
        EmbedderPlugin(
            name="acme",
            summary="Vectors of acme",
            open=open_embedder,
            cache_vectors=False,
        )
    ]
