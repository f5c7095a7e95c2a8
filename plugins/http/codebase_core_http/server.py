"""The process: where it listens, who may reach it, and how it stops."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import resource
import signal
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import uvicorn
from codebase_core_asgi.deadlines import TimelyProtocol
from codebase_core_asgi.kept_token import kept_token
from codebase_core_asgi.listening import listen_tcp, listen_unix
from codebase_core_hookspecs import CodebaseCoreError

from .application import Choices, build
from .principals import Principals
from .reader import Reader
from .restricted import RestrictedService
from .warming import warm

if TYPE_CHECKING:
    import socket

    from codebase_core_hookspecs import ASGIApplication, PluginContext, TeamService

    from .observed import Observed

logger = logging.getLogger(__name__)

STOP_SECONDS = 30
"""What requests that run get to end when the server is stopped."""

DRAIN_SECONDS = 0.5
"""What clients get to leave by themselves: a request on its way over a connection that is closed would be lost."""

_SPARE_FILES = 256
"""Open files beside the connections of clients: databases, libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where the server listens, and by whom it is reached; ``proxies`` are the addresses whose forwarded headers count."""

    host: str
    port: int
    unix: Path | None = None
    certfile: Path | None = None
    keyfile: Path | None = None
    proxies: tuple[str, ...] = ()

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.unix is not None or _is_loopback(self.host)

    def check(self) -> None:
        """Raise CodebaseCoreError where tokens would cross a network in the clear."""
        if (self.certfile is None) != (self.keyfile is None):
            raise CodebaseCoreError("TLS needs both a certificate and its key", hint="--certfile FILE --keyfile FILE")
        if not self.loopback and self.certfile is None and not self.proxies:
            raise CodebaseCoreError(
                f"without TLS whoever listens on the network of {self.host} could read tokens and code",
                hint="--certfile and --keyfile, or --behind-proxy ADDRESS where a proxy does TLS",
            )

    def open(self) -> socket.socket:
        """Return the socket; raise CodebaseCoreError."""
        self.check()
        return listen_unix(self.unix) if self.unix is not None else listen_tcp(self.host, self.port)

    def url(self, listening: socket.socket) -> str:
        """Return where a client on this machine finds the server."""
        if self.unix is not None:
            return f"unix:{self.unix}"
        scheme = "https" if self.certfile is not None else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{listening.getsockname()[1]}/"


async def run(context: PluginContext, listening: Listening) -> None:
    """Serve until a signal comes; then running requests end, and jobs go on in their own processes."""
    token, where = _owner_token(context)
    with listening.open() as opened:
        assert context.service is not None  # noqa: S101 - commands get one
        async with context.service() as service, AsyncExitStack() as stack:
            turn = asyncio.Semaphore(context.options["concurrency"])
            choices = Choices(
                request_timeout=context.options["request_timeout"],
                only_loopback_names=listening.loopback and not listening.proxies,
            )
            app = build(
                service,
                Principals(owner=token, tokens=service.tokens),
                choices=choices,
                turn=turn,
                applications=await open_applications(service, turn, stack),
            )
            config = uvicorn.Config(
                app,
                http=TimelyProtocol,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(listening.proxies),
                forwarded_allow_ips=list(listening.proxies),
                ssl_certfile=listening.certfile,
                ssl_keyfile=listening.keyfile,
                limit_concurrency=_allowed(context.options["connections"]),
                timeout_keep_alive=30,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
            url = listening.url(opened)
            login = f"{url}login?token={token}" if where is not None and listening.unix is None else url
            click.echo(f"{login} (token in {where or 'the settings'}; Ctrl-C stops)", err=True)
            try:
                await _serve(_Server(config), opened, app, warming_up=warm(app, service, token=token))
            finally:
                if listening.unix is not None:
                    listening.unix.unlink(missing_ok=True)


async def open_applications(
    service: TeamService, turn: asyncio.Semaphore, stack: AsyncExitStack
) -> dict[str, ASGIApplication]:
    """Open what plugins bring to be mounted, but for what lacks its libraries."""

    def service_of(scope: Mapping[str, Any]) -> RestrictedService:
        return RestrictedService(Reader(service=service, principal=scope["state"]["principal"], turn=turn))

    found: dict[str, ASGIApplication] = {}
    for name, opening in service.applications(service_of).items():
        try:
            found[name] = await stack.enter_async_context(opening())
        except ModuleNotFoundError as exc:
            logger.warning("/%s is not served: it lacks a library: %s", name, exc)
        except CodebaseCoreError:
            raise
        except Exception as exc:
            raise CodebaseCoreError(
                f"plugin {name!r} cannot be served: {type(exc).__name__}: {exc}",
                hint="codebase-core plugins list names its package; codebase-core --no-plugins serve does without third parties",
            ) from exc
    return found


class _Server(uvicorn.Server):
    """uvicorn's server, which after a signal would end the process before the databases are let go."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever runs the server."""
        yield


async def _serve(
    server: uvicorn.Server, opened: socket.socket, app: Observed, *, warming_up: Coroutine[Any, Any, None]
) -> None:
    """Serve until a signal comes; clients are then told to leave before connections are closed under them."""
    loop = asyncio.get_running_loop()

    def stop(signal: int) -> None:
        later = 0.0 if app.stopping else DRAIN_SECONDS
        app.stopping = True
        loop.call_later(later, server.handle_exit, signal, None)

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop, each)
    warming = asyncio.create_task(warming_up)
    try:
        await server.serve(sockets=[opened])
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)


def _owner_token(context: PluginContext) -> tuple[str, Path | None]:
    """Return the owner's token, and the file that it is kept in."""
    if context.options["token"]:
        return context.options["token"], None
    file = context.state_dir / "http-token"
    return kept_token(file, setting="CODEBASE_CORE_HTTP_TOKEN"), file


def _allowed(connections: int) -> int:
    """Raise the limit on open files as far as this process may, and return how many connections fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return connections if soft == resource.RLIM_INFINITY else max(1, min(connections, soft - _SPARE_FILES))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
