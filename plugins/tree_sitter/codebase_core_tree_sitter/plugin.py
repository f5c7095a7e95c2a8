"""What this package declares. Importing it loads no grammar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from codebase_core_hookspecs import Chunk, ChunkerPlugin, SourceFile, hookimpl

from .languages import LANGUAGES

VERSION = "6"


def chunk(source: SourceFile, options: Mapping[str, Any]) -> Sequence[Chunk] | None:
    """Cut a file along its syntax tree; None when its grammar is not installed."""
    del options
    from .chunking import chunk_source

    return chunk_source(source)


@hookimpl
def codebase_core_chunkers() -> list[ChunkerPlugin]:
    """Declare the chunker for every language that has a query file."""
    return [
        ChunkerPlugin(
            name="tree-sitter",
            summary="Definitions whole where they fit, else cut between statements; chunks of about 1,000 bytes",
            chunk=chunk,
            languages=frozenset(LANGUAGES),
            version=VERSION,
        )
    ]
