"""What the engine declares through the same hooks as every other plugin."""

from __future__ import annotations

from codebase_core_hookspecs import ChunkerPlugin, hookimpl

from .line_chunker import VERSION, chunk_lines


@hookimpl
def codebase_core_chunkers() -> list[ChunkerPlugin]:
    """Declare the chunker that takes every file."""
    return [
        ChunkerPlugin(
            name="lines",
            summary="Whole lines up to 750 bytes, any language",
            chunk=chunk_lines,
            languages=frozenset({"*"}),
            version=VERSION,
        )
    ]
