"""Applications of plugins, each under its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import ASGIApplication
    from starlette.types import ASGIApp, Receive, Scope, Send


class Mounted:
    """Passes a request on to the application whose name its path begins with, and any other to the server's own."""

    def __init__(self, app: ASGIApp, applications: Mapping[str, ASGIApplication]) -> None:
        self._app = app
        self._applications = applications

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the path is left as it came."""
        found = self._applications.get(first_part(scope["path"])) if scope["type"] == "http" else None
        await (found or self._app)(scope, receive, send)


def first_part(path: str) -> str:
    """Return the first part of a path."""
    return path.split("/", 2)[1] if path.startswith("/") else ""
