"""What this package declares. Importing it imports nothing heavy."""

from __future__ import annotations

from codebase_core_hookspecs import ChunkerPlugin, hookimpl

from .chunking import chunk


@hookimpl
def codebase_core_chunkers() -> list[ChunkerPlugin]:
    """Declare one chunker, ``acme``: raise ``version`` whenever the same file would be cut differently."""
    return [
        ChunkerPlugin(
            name="acme",
            summary="A chunk for each section of an acme file",
            chunk=chunk,
            languages=frozenset({"acme"}),
            extensions={"acme": "acme"},
            version="1",
        )
    ]
