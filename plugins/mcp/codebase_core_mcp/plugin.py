"""What this package declares. Importing it imports nothing of the protocol's library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_hookspecs import ApplicationPlugin, CommandPlugin, Option, hookimpl

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from codebase_core_hookspecs import ASGIApplication, PluginContext, ServiceOf

SECTION = "mcp"
REQUIRES = "codebase-core[mcp]"

OPTIONS = (
    Option(name="request_timeout", summary="Seconds that a tool may take.", type=float, default=60.0),
    Option(name="token", summary="Bearer token of the HTTP transport; by default one is made and kept.", secret=True),
    Option(name="concurrency", summary="Tools that run at once; others wait.", type=int, default=8),
)


@hookimpl
def codebase_core_commands() -> list[CommandPlugin]:
    """Declare the server, and what tells agents of it."""
    return [
        CommandPlugin(
            name="mcp",
            summary="Serve coding agents over the Model Context Protocol.",
            section=SECTION,
            options=OPTIONS,
            target="codebase_core_mcp.commands:mcp",
            requires=REQUIRES,
        ),
        CommandPlugin(
            name="install-agent",
            summary="Write the MCP server into the settings of a coding agent.",
            section=SECTION,
            options=OPTIONS,
            target="codebase_core_mcp.install.command:install_agent",
        ),
    ]


@hookimpl
def codebase_core_applications() -> list[ApplicationPlugin]:
    """Declare the protocol for the server of a team."""

    def opened(context: PluginContext, service_of: ServiceOf) -> AbstractAsyncContextManager[ASGIApplication]:
        from .mounted import mounted

        return mounted(context, service_of)

    return [
        ApplicationPlugin(
            name="mcp",
            summary="The Model Context Protocol, for agents elsewhere.",
            section=SECTION,
            options=OPTIONS,
            open=opened,
            requires=REQUIRES,
        )
    ]
