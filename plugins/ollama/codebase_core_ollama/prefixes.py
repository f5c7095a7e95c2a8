"""What models were trained to find before a query and before a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefixes:
    """Texts that go before; empty for most models."""

    query: str = ""
    document: str = ""


_TRAINED = {
    # https://huggingface.co/nomic-ai/nomic-embed-text-v1.5: a task instruction prefix is a must
    "nomic-embed-text": Prefixes(query="search_query: ", document="search_document: "),
    "nomic-embed-text-v2-moe": Prefixes(query="search_query: ", document="search_document: "),
    # https://huggingface.co/mixedbread-ai/mxbai-embed-large-v1: queries only
    "mxbai-embed-large": Prefixes(query="Represent this sentence for searching relevant passages: "),
    # https://huggingface.co/Snowflake/snowflake-arctic-embed-l: queries only
    "snowflake-arctic-embed": Prefixes(query="Represent this sentence for searching relevant passages: "),
    # https://huggingface.co/google/embeddinggemma-300m: retrieval prompts
    "embeddinggemma": Prefixes(query="task: search result | query: ", document="title: none | text: "),
}


def prefixes_of(model: str, *, query: str | None, document: str | None) -> Prefixes:
    """Return the prefixes of a model (``[HOST/][NAMESPACE/]NAME[:TAG]``); what the user chose wins."""
    trained = _TRAINED.get(model.rpartition("/")[2].partition(":")[0], Prefixes())
    return Prefixes(
        query=trained.query if query is None else query, document=trained.document if document is None else document
    )
