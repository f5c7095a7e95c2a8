"""The server: checks what comes in, bounds how much and how long, and turns errors into what an agent can act on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import CodebaseCoreError
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    ListToolsResult,
    NotificationParams,
    TextContent,
)
from pydantic import ValidationError

from .arguments import MODELS, explain_invalid
from .errors import explained
from .garbage import Lasting
from .handlers import Handlers, Reply
from .tools import INSTRUCTIONS, TOOLS

if TYPE_CHECKING:
    from codebase_core_hookspecs import SearchService
    from mcp.server.context import ServerRequestContext
    from mcp.types import PaginatedRequestParams

    from .sessions import Sessions

logger = logging.getLogger(__name__)


def build(
    service_of: Callable[[ServerRequestContext[Any, Any]], SearchService],
    sessions: Sessions,
    *,
    options: Mapping[str, Any],
    folders: bool = True,
) -> Server[Any]:
    """Return the server over an opened application; it serves any number of clients.

    ``service_of`` returns the engine as whoever asks may use it. Without ``folders`` the clients are elsewhere: what they ask
    names a project, and no path of this machine is looked at.
    """
    running = asyncio.Semaphore(options["concurrency"])
    lasting = Lasting()

    async def list_tools(_: ServerRequestContext[Any, Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=list(TOOLS))

    async def call_tool(
        context: ServerRequestContext[Any, Any], params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        if (model := MODELS.get(params.name)) is None:
            raise MCPError(code=INVALID_PARAMS, message=f"no tool is called {params.name[:80]!r}")
        try:
            arguments = model.model_validate(params.arguments or {})
        except ValidationError as exc:
            return _failed(f"error: {explain_invalid(exc)}\nnext: call {params.name} with arguments as its schema says")
        try:
            async with asyncio.timeout(options["request_timeout"]):
                roots = await sessions.roots(context, params) if folders else ()
                if isinstance(roots, InputRequiredResult):
                    return roots
                handlers = Handlers(
                    service=service_of(context),
                    session=sessions.of(context),
                    roots=roots,
                    progress=context.session.report_progress,
                    turn=running,
                    folders=folders,
                )
                # Whoever waits for a job takes nobody's turn meanwhile.
                async with nullcontext() if params.name == "get_indexing_status" else running:
                    reply: Reply = await getattr(handlers, params.name)(arguments)
        except TimeoutError:
            return _failed(
                f"error: {params.name} took over {options['request_timeout']:g} s\nnext: ask for less at once"
            )
        except CodebaseCoreError as exc:
            return _failed(explained(exc))
        except Exception as exc:
            logger.exception("a tool failed", extra={"tool": params.name})
            return _failed(
                f"error: unexpected {type(exc).__name__}: {exc}\nnext: tell the user to run: codebase-core doctor"
            )
        lasting.answered()
        return CallToolResult(
            content=[TextContent(type="text", text=reply.text)], structured_content=dict(reply.content)
        )

    async def roots_changed(context: ServerRequestContext[Any, Any], _: NotificationParams | None) -> None:
        sessions.of(context).roots = None

    server: Server[Any] = Server(
        "codebase-core",
        version=version("codebase-core"),
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=lambda name: next((tool.input_schema for tool in TOOLS if tool.name == name), None),
    )
    server.add_notification_handler("notifications/roots/list_changed", NotificationParams, roots_changed)
    return server


def _failed(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
