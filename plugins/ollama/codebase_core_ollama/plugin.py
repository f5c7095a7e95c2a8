"""Declare the embedder. Importing this imports neither the client nor httpx."""

from __future__ import annotations

from codebase_core_hookspecs import Embedder, EmbedderPlugin, EmbedderUnavailable, Option, PluginContext, hookimpl

REQUIRES = "codebase-core[ollama]"

OPTIONS = (
    Option(
        name="base_url",
        summary="Where Ollama listens; several, with commas between them, share the work.",
        default="http://127.0.0.1:11434",
        env=("OLLAMA_BASE_URL",),
    ),
    Option(
        name="model",
        summary="Model, where none is named after ollama:.",
        default="nomic-embed-text",
        env=("OLLAMA_EMBEDDING_MODEL",),
    ),
    Option(name="batch_size", summary="Texts a request.", type=int, default=64),
    Option(name="concurrency", summary="Requests at a time to one server.", type=int, default=2),
    Option(name="timeout", summary="Seconds that a request may take; the first one loads the model.", type=float, default=120.0),
    Option(name="keep_alive", summary="How long the model stays loaded, as 30m; by default the server's choice."),
    Option(name="truncate", summary="Cut texts that are too long for the model, or refuse them.", type=bool, default=True),
    Option(name="num_ctx", summary="Tokens that the model reads; by default the model's choice.", type=int),
    Option(name="query_prefix", summary="Put before queries; by default what the model was trained with."),
    Option(name="document_prefix", summary="Put before documents; by default what the model was trained with."),
)  # fmt: skip


async def open_embedder(context: PluginContext, model: str | None) -> Embedder:
    """Open a model of the servers in the options; raise EmbedderUnavailable within seconds when it is not to be had."""
    from importlib.util import find_spec

    if find_spec("ollama") is None:
        raise EmbedderUnavailable("the client of Ollama is not installed", hint=f"pip install '{REQUIRES}'")
    from .embedder import OllamaEmbedder

    return await OllamaEmbedder.open(context.options, model)


@hookimpl
def codebase_core_embedders() -> tuple[EmbedderPlugin, ...]:
    """Declare one embedder, ``ollama``."""
    return (
        EmbedderPlugin(
            name="ollama",
            summary="Any embedding model that an Ollama server runs",
            options=OPTIONS,
            open=open_embedder,
            requires=REQUIRES,
        ),
    )
