"""Servers by name: from the user's settings to the arguments of a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from codebase_core_hookspecs import ServerUnavailable

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext, Server

EMBEDDED = "embedded"
FROM_ENVIRONMENT = frozenset({"environment", "registry"})
"""Servers whose URL, from REGISTRY_DATABASE_URL, names the registry's database itself."""

SESSION = {"application_name": "codebase-core", "jit": "off"}
"""Settings of every session."""

SHARED_DATABASE = "postgres"
"""The database of the embedded server that holds schemas of projects, and from where databases are created."""

_LIBPQ_ONLY = frozenset(
    {"channel_binding", "gssencmode", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
     "client_encoding", "sslcompression", "fallback_application_name", "tcp_user_timeout", "load_balance_hosts"}
)  # fmt: skip
"""Parameters of libpq URLs that the driver would take for settings of the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """How to connect to a server: ``arguments`` are asyncpg's, ``url`` is libpq's, a database aside.

    Equal ``arguments`` mean one server and role.
    """

    server: str
    database: str
    arguments: Mapping[str, Any] = field(repr=False)
    url: str = field(repr=False)
    shown: str
    user: str = ""
    transaction_pooling: bool = False

    def where(self, database: str) -> str:
        """Return server and database as they are shown; no password."""
        return f"server {self.server!r} ({self.shown}), database {database!r}"


async def address_of(name: str, context: PluginContext, *, admin: bool = False) -> Address:
    """Return the address of a server by name; starts the embedded one. Raises ServerUnavailable."""
    if name == EMBEDDED:
        return await _embedded(context)
    server = context.servers.get(name)
    if server is None or server.url is None:
        known = ", ".join(sorted(context.servers))
        raise ServerUnavailable(
            f"no server is called {name!r}", hint=f'add [servers.{name}] url = "…" to the settings; known: {known}'
        )
    return parse(server, (server.admin_url or server.url) if admin else server.url, context.options)


def databases(context: PluginContext) -> Mapping[str, str]:
    """Return for each server the database that its URL names, without connecting."""
    urls = {
        name: parse(server, server.url, context.options).database
        for name, server in context.servers.items()
        if server.url
    }
    return {EMBEDDED: SHARED_DATABASE, **urls}


def parse(server: Server, url: str, options: Mapping[str, Any]) -> Address:
    """Read a libpq URL, also in SQLAlchemy's spelling; raise ServerUnavailable without showing it."""
    hint = f"write it as postgresql://user:password@host:5432/database (server {server.name!r})"
    try:
        parts = urlsplit(url)
        scheme = parts.scheme.partition("+")[0]
        if scheme not in ("postgresql", "postgres"):
            raise ServerUnavailable(f"the URL of server {server.name!r} is not a PostgreSQL URL", hint=hint)
        port = parts.port if "," not in parts.netloc else None
        query = dict(parse_qsl(parts.query))
        timeout = float(query.pop("connect_timeout", options.get("connect_timeout", 5.0)))
    except ValueError:
        raise ServerUnavailable(f"the URL of server {server.name!r} is malformed", hint=hint) from None
    kept = urlencode({key: value for key, value in query.items() if key not in _LIBPQ_ONLY})
    host = query.get("host") or parts.hostname or "local socket"
    user = unquote(parts.username or query.get("user", ""))
    transaction = server.pooling == "transaction"
    arguments: dict[str, Any] = {
        "dsn": urlunsplit(("postgresql", parts.netloc, "", kept, "")),
        "timeout": timeout,
        # Behind a transaction pooler no session state may be kept and no unknown start-up parameter sent.
        "server_settings": {} if transaction else SESSION,
        "statement_cache_size": 0 if transaction else 256,
    }
    shown = f"{user}@{host}:{port}" if port else f"{user}@{host}"
    database = unquote(parts.path.lstrip("/")) or query.get("dbname") or user or SHARED_DATABASE
    return Address(
        server=server.name,
        database=database,
        arguments=arguments,
        url=urlunsplit(("postgresql", parts.netloc, "", parts.query, "")),
        shown=shown.lstrip("@"),
        user=user,
        transaction_pooling=transaction,
    )


async def _embedded(context: PluginContext) -> Address:
    from codebase_core_postgres.embedded import EmbeddedServer  # noqa: PLC0415 - only where it is used

    endpoint = await asyncio.to_thread(EmbeddedServer(context.state_dir).ensure_running)
    return Address(
        server=EMBEDDED,
        database=SHARED_DATABASE,
        url=endpoint.url(),
        shown=str(endpoint.socket_dir),
        arguments={
            "host": str(endpoint.socket_dir),
            "port": endpoint.port,
            "user": endpoint.user,
            "timeout": float(context.options.get("connect_timeout", 5.0)),
            "server_settings": SESSION,
            "statement_cache_size": 256,
        },
    )
