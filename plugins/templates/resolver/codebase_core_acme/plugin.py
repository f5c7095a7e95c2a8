"""What this package declares. Importing it imports nothing heavy."""

from __future__ import annotations

from codebase_core_hookspecs import Option, PluginContext, Resolver, ResolverPlugin, hookimpl

MARKER = Option(name="marker", summary="The file that names a workspace's project.", default=".acme-workspace")


async def open_resolver(context: PluginContext) -> Resolver:
    """Open the resolver with the user's options."""
    from .resolver import MarkerResolver

    return MarkerResolver(context.options["marker"])


@hookimpl
def codebase_core_resolvers() -> list[ResolverPlugin]:
    """Declare one resolver, ``acme``; third parties use the tiers 300 to 799."""
    return [
        ResolverPlugin(
            name="acme", summary="The workspace that a folder is in", options=(MARKER,), open=open_resolver, tier=400
        )
    ]
