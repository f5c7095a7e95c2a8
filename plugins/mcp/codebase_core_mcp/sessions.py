"""What the server remembers of a client: its roots and its working directory, for each session, never shared."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata
from mcp.types import CallToolRequestParams, InputRequiredResult, ListRootsRequest, ListRootsResult
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

SESSIONS = 1_024
"""Sessions that are remembered; the HTTP transport admits fewer at once."""

_ROOTS_SECONDS = 5.0
_ROOTS = "roots"


@dataclass(slots=True)
class ClientSession:
    """One client. ``roots`` is None until it was asked; ``lasting`` is false where nothing ties two requests together."""

    lasting: bool = True
    working_directory: Path | None = None
    roots: tuple[Path, ...] | None = None


@dataclass(slots=True)
class Sessions:
    """The clients; ``default`` are the roots of those that offer none."""

    default: tuple[Path, ...]
    _known: OrderedDict[str, ClientSession] = field(default_factory=OrderedDict)

    def of(self, context: ServerRequestContext[Any, Any]) -> ClientSession:
        """Return the session of a request: over HTTP by its header, else the only one there is."""
        key = "" if context.request is None else context.request.headers.get("mcp-session-id")
        if key is None:
            return ClientSession(lasting=False)
        session = self._known.setdefault(key, ClientSession())
        self._known.move_to_end(key)
        while len(self._known) > SESSIONS:
            self._known.popitem(last=False)
        return session

    async def roots(
        self, context: ServerRequestContext[Any, Any], params: CallToolRequestParams
    ) -> tuple[Path, ...] | InputRequiredResult:
        """Return the folders that a client works in; in the newer protocol the client is asked to call again with them."""
        capabilities = context.session.client_capabilities
        if capabilities is None or capabilities.roots is None:
            return self.default
        if context.protocol_version in MODERN_PROTOCOL_VERSIONS:
            given = (params.input_responses or {}).get(_ROOTS)
            if isinstance(given, ListRootsResult):
                return _folders(given) or self.default
            return InputRequiredResult(input_requests={_ROOTS: ListRootsRequest()})
        session = self.of(context)
        if session.roots is None:
            session.roots = await _asked(context) or self.default
        return session.roots


def roots_of_process(started_in: Path) -> tuple[Path, ...]:
    """Return the folder that the server was started in, unless everything of a user is in it."""
    return () if Path.home().resolve().is_relative_to(started_in) else (started_in,)


async def _asked(context: ServerRequestContext[Any, Any]) -> tuple[Path, ...]:
    """Ask a client for its roots; one that does not answer has none."""
    related = ServerMessageMetadata(related_request_id=context.request_id)
    try:
        async with asyncio.timeout(_ROOTS_SECONDS):
            return _folders(await context.session.send_request(ListRootsRequest(), ListRootsResult, metadata=related))
    except (MCPError, TimeoutError, ValueError):
        return ()


def _folders(result: ListRootsResult) -> tuple[Path, ...]:
    """Return the roots as real folders: a working directory, which is one, is compared with them."""
    uris = [urlsplit(str(root.uri)) for root in result.roots]
    local = (unquote(uri.path) for uri in uris if uri.scheme == "file" and uri.hostname in (None, "", "localhost"))
    return tuple(Path(os.path.realpath(path)) for path in local if Path(path).is_absolute() and "\0" not in path)
