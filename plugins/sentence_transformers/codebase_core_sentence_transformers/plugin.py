"""Declare the embedder. Importing this imports neither torch nor the library."""

from __future__ import annotations

from codebase_core_hookspecs import Embedder, EmbedderPlugin, EmbedderUnavailable, Option, PluginContext, hookimpl

REQUIRES = "codebase-core[sentence-transformers]"

OPTIONS = (
    Option(name="device", summary="Where to compute: cpu, cuda or mps; by default the best that is there."),
    Option(name="batch_size", summary="Texts at a time.", type=int, default=32),
)


async def open_embedder(context: PluginContext, model: str | None) -> Embedder:
    """Open a model by its folder or its name on the hub; raise EmbedderUnavailable when it is not to be had."""
    from importlib.util import find_spec

    if find_spec("sentence_transformers") is None:
        raise EmbedderUnavailable("sentence-transformers is not installed", hint=f"pip install '{REQUIRES}'")
    from .embedder import SentenceTransformersEmbedder
    from .model_files import located

    name = model or "sentence-transformers/all-MiniLM-L6-v2"
    return SentenceTransformersEmbedder(
        name,
        folder=located(name, fetch=context.fetch),
        device=context.options.get("device"),
        batch_size=context.options.get("batch_size", 32),
    )


@hookimpl
def codebase_core_embedders() -> tuple[EmbedderPlugin, ...]:
    """Declare one embedder, ``sentence-transformers``."""
    return (
        EmbedderPlugin(
            name="sentence-transformers",
            summary="Any model of the sentence-transformers library, from a folder or the hub",
            options=OPTIONS,
            open=open_embedder,
            requires=REQUIRES,
        ),
    )
