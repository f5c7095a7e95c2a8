"""Serve many clients over streamable HTTP: on loopback only, with a bearer token, bounded in size, number and time."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click
import uvicorn
from codebase_core_asgi.deadlines import TimelyProtocol, hurried
from codebase_core_asgi.kept_token import kept_token
from codebase_core_asgi.listening import listen_tcp

from .server import build
from .sessions import Sessions, roots_of_process
from .single_response import SingleResponse

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext
    from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
BODY_BYTES, CLIENTS, CONNECTIONS = 1_000_000, 256, 512
REFUSAL = b"a bearer token is needed; codebase-core mcp --http says where it is\n"


async def serve(context: PluginContext, *, started_in: Path, port: int) -> None:
    """Serve until a signal comes. The address goes to stderr, the token stays in its file."""
    token, where = _token(context)
    with listen_tcp(HOST, port) as listening:
        assert context.service is not None  # noqa: S101 - commands get one
        async with context.service() as service:
            server = build(lambda _: service, Sessions(roots_of_process(started_in)), options=context.options)
            # On a loopback host the library refuses a Host or Origin that is not a loopback one.
            app = server.streamable_http_app(host=HOST, max_request_body_size=BODY_BYTES, max_sessions=CLIENTS)
            config = uvicorn.Config(
                Guard(SingleResponse(app), token),
                http=TimelyProtocol,
                log_config=None,
                access_log=False,
                proxy_headers=False,
                limit_concurrency=CONNECTIONS,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=2,
            )
            click.echo(f"http://{HOST}:{listening.getsockname()[1]}/mcp, token in {where}", err=True)
            await uvicorn.Server(config).serve(sockets=[listening])


class Guard:
    """Refuse whoever lacks the token before anything else is looked at, and whoever is slow to send a request."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 401."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if secrets.compare_digest(given, self._expected):
            await self._app(scope, hurried(receive), send)
            return
        headers = [(b"www-authenticate", b"Bearer"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send(
            {
                "type": "http.response.body",
                "body": REFUSAL,
            }
        )


def _token(context: PluginContext) -> tuple[str, str]:
    """Return the token and where it is from: the settings, or a file that only this account can read."""
    if context.options["token"]:
        return context.options["token"], "the settings"
    file = context.state_dir / "mcp-token"
    return kept_token(file, setting="CODEBASE_CORE_MCP_TOKEN"), str(file)
