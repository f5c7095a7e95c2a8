"""Serve many clients over streamable HTTP: on loopback only, with a bearer token, bounded in size, number and time."""

from __future__ import annotations

import asyncio
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click
import uvicorn
from codebase_core_hookspecs import CodebaseCoreError

from .server import build
from .sessions import Sessions, roots_of_process
from .single_response import SingleResponse

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
BODY_BYTES, CLIENTS, CONNECTIONS = 1_000_000, 256, 512
BODY_SECONDS = 30.0
REFUSAL = b"a bearer token is needed; codebase-core mcp --http says where it is\n"


async def serve(context: PluginContext, *, started_in: Path, port: int) -> None:
    """Serve until a signal comes. The address goes to stderr, the token stays in its file."""
    token, where = _token(context)
    with _bound(port) as listening:
        assert context.service is not None  # noqa: S101 - commands get one
        async with context.service() as service:
            server = build(service, Sessions(roots_of_process(started_in)), options=context.options)
            # On a loopback host the library refuses a Host or Origin that is not a loopback one.
            app = server.streamable_http_app(host=HOST, max_request_body_size=BODY_BYTES, max_sessions=CLIENTS)
            config = uvicorn.Config(
                Guard(SingleResponse(app), token),
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
            await self._app(scope, _hurried(receive), send)
            return
        headers = [(b"www-authenticate", b"Bearer"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send(
            {
                "type": "http.response.body",
                "body": REFUSAL,
            }
        )


def _hurried(receive: Receive) -> Receive:
    """Give a request's body a time to arrive in; what is awaited after it is the client's leaving."""
    whole, deadline = False, asyncio.get_running_loop().time() + BODY_SECONDS

    async def receiving() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receiving


def _token(context: PluginContext) -> tuple[str, str]:
    """Return the token and where it is from: the settings, or a file that only this account can read."""
    if context.options["token"]:
        return context.options["token"], "the settings"
    file = context.state_dir / "mcp-token"
    try:
        context.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        if file.stat().st_mode & 0o077:
            raise CodebaseCoreError(f"others may read the token in {file}", hint=f"rm {file}: the next start makes one")
        if not (token := file.read_text(encoding="ascii").strip()):
            token = secrets.token_urlsafe(32)
            file.write_text(f"{token}\n", encoding="ascii")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it holds no token"
        raise CodebaseCoreError(f"cannot keep a token in {file}: {why}", hint="set CODEBASE_CORE_MCP_TOKEN") from exc
    return token, str(file)


def _bound(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY where the protocol is named; without it the end of an answer waits 40 ms for an acknowledgement.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # whoever reads the address may connect at once
    except OSError as exc:
        listening.close()
        raise CodebaseCoreError(
            f"cannot listen on {HOST}:{port}: {exc.strerror}", hint="choose another --port, 0 for any"
        ) from exc
    return listening
