"""What the engine declares through the same hooks as every other plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core_hookspecs import ChunkerPlugin, Option, RegistryPlugin, ResolverPlugin, hookimpl

from .config_resolver import TIER, open_resolver
from .line_chunker import VERSION, chunk_lines

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext, Registry


async def _open_registry(context: PluginContext) -> Registry:
    from .json_registry.file import RegistryFile
    from .json_registry.registry import JsonRegistry

    return JsonRegistry(RegistryFile(context.options["file"] or context.state_dir / "registry.jsonl"))


@hookimpl
def codebase_core_registries() -> list[RegistryPlugin]:
    """Declare the registry in a file."""
    file = Option(
        name="file", summary="File of the json registry; by default registry.jsonl in the home folder.", type=Path
    )
    return [
        RegistryPlugin(
            name="json",
            summary="Project records in one readable file",
            options=(file,),
            open=_open_registry,
            servers=False,
        )
    ]


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
