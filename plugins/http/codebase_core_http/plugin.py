"""What this package declares. Importing it imports nothing of the web framework."""

from __future__ import annotations

from codebase_core_hookspecs import CommandPlugin, Option, hookimpl

SECTION = "http"
REQUIRES = "codebase-core[http]"

OPTIONS = (
    Option(name="token", summary="Token of the server's owner; by default one is made and kept.", secret=True),
    Option(name="request_timeout", summary="Seconds that a request may take.", type=float, default=60.0),
    Option(name="concurrency", summary="Requests to the index that run at once; others wait.", type=int, default=16),
    Option(name="connections", summary="Open connections; beyond them requests are refused.", type=int, default=4_096),
)


@hookimpl
def codebase_core_commands() -> list[CommandPlugin]:
    """Declare the server, and who may ask it."""
    return [
        CommandPlugin(
            name="serve",
            summary="Serve an API and a page to search and read over HTTP.",
            section=SECTION,
            options=OPTIONS,
            target="codebase_core_http.commands:serve",
            requires=REQUIRES,
        ),
        CommandPlugin(
            name="tokens",
            summary="Give others access to the server, and take it away.",
            section=SECTION,
            options=OPTIONS,
            target="codebase_core_http.token_commands:tokens",
        ),
    ]
