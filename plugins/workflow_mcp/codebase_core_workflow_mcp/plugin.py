"""What this package declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_hookspecs import Option, ResolverPlugin, hookimpl

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext, Resolver

OPTIONS = (
    Option(name="url", summary="Base URL of workflow-mcp; unset, it is not asked.", env=("WORKFLOW_MCP_URL",)),
    Option(name="timeout", summary="Seconds that it may take to answer.", type=float, default=1.0),
    Option(name="cache_seconds", summary="Seconds for which an answer is kept.", type=float, default=60.0),
)


async def _open(context: PluginContext) -> Resolver:
    from .resolver import ActiveProject

    options = context.options
    return ActiveProject(options["url"], timeout=options["timeout"], cache_seconds=options["cache_seconds"])


@hookimpl
def codebase_core_resolvers() -> list[ResolverPlugin]:
    """Declare the tier of the project that is active in workflow-mcp."""
    return [
        ResolverPlugin(
            name="workflow-mcp",
            summary="The project that is active in workflow-mcp",
            options=OPTIONS,
            open=_open,
            tier=300,
        )
    ]
