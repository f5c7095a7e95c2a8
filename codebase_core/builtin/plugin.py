"""What the engine declares through the same hooks as every other plugin."""

from __future__ import annotations

from codebase_core_hookspecs import ChunkerPlugin, ResolverPlugin, hookimpl

from .config_resolver import TIER, open_resolver
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


@hookimpl
def codebase_core_resolvers() -> list[ResolverPlugin]:
    """Declare the tier of the repository's config file."""
    return [
        ResolverPlugin(name="config", summary="The nearest .codebase-mcp/config.json", open=open_resolver, tier=TIER)
    ]
