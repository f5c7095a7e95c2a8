"""The protocol within a server of a team: the same tools, for agents without a folder here, each with its token's rights."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from mcp.server.transport_security import TransportSecuritySettings

from .http import BODY_BYTES, CLIENTS
from .server import build
from .sessions import Sessions
from .single_response import SingleResponse

if TYPE_CHECKING:
    from codebase_core_hookspecs import ASGIApplication, PluginContext, SearchService, ServiceOf
    from mcp.server.context import ServerRequestContext

PATH = "/mcp"


@asynccontextmanager
async def mounted(context: PluginContext, service_of: ServiceOf) -> AsyncIterator[ASGIApplication]:
    """Serve at PATH; who asks, and under which name of the host, was looked at before."""

    def of(asked: ServerRequestContext[Any, Any]) -> SearchService:
        assert asked.request is not None  # noqa: S101 - it came over HTTP
        return service_of(asked.request.scope)

    server = build(of, Sessions(default=()), options=context.options, folders=False)
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        max_request_body_size=BODY_BYTES,
        max_sessions=CLIENTS,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    async with app.router.lifespan_context(app):
        yield SingleResponse(app)
