"""The first request of a server, made by itself: libraries and models are loaded before somebody waits for them."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import CodebaseCoreError, ProjectQuery

if TYPE_CHECKING:
    from codebase_core_hookspecs import ASGIApplication, TeamService

logger = logging.getLogger(__name__)

QUESTION = "where+to+begin"


async def warm(app: ASGIApplication, service: TeamService, *, token: str) -> None:
    """Ask one project anything, as a browser would: otherwise the first page takes two seconds, and the next ones 50 ms."""
    try:
        query = ProjectQuery(statuses=frozenset({"active"}), limit=1)
        for project in (await service.project_page(query)).projects:
            await _get(app, "/results", f"q={QUESTION}&project={project.id}", token=token)
    except CodebaseCoreError as exc:
        logger.info("nothing could be asked yet: %s", exc.message)


async def _get(app: ASGIApplication, path: str, query: str, *, token: str) -> None:
    headers = [(b"host", b"localhost"), (b"accept", b"text/html"), (b"authorization", f"Bearer {token}".encode())]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": None,
        "server": ("localhost", 80),
        "state": {},
    }

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: MutableMapping[str, Any]) -> None:
        """Nobody looks at the answer."""

    await app(scope, receive, send)
