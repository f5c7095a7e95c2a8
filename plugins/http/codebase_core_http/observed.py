"""What every answer has: an id, its security headers, a place in the metrics, and a problem instead of a broken connection."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import nullcontext
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect

from .mounted import first_part
from .problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .metrics import Metrics

logger = logging.getLogger(__name__)

_CLIENT_LEFT = 499
"""What servers count a client as that leaves before its answer."""

REQUEST_ID = b"x-request-id"
_ID = re.compile(rb"[\w.-]{1,128}")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Observed:
    """Wraps the application. A request that takes longer than ``timeout`` seconds ends with a problem; streams may go on.

    While it is ``stopping``, every answer tells its client to come over a new connection, if at all.
    """

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, timeout: float, applications: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._timeout = timeout
        self._applications = applications
        self.stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = id
        began, status = perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                if self.stopping:
                    headers["connection"] = "close"
            await send(message)

        try:
            async with nullcontext() if self._may_go_on(scope["path"]) else asyncio.timeout(self._timeout):
                await self._app(scope, receive, sending)
        except ClientDisconnect:
            status = _CLIENT_LEFT
        except Exception as exc:
            if status:
                raise
            answer = self._late(id) if isinstance(exc, TimeoutError) else self._unexpected(exc, scope, id)
            await answer(scope, receive, sending)
        finally:
            took = perf_counter() - began
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.answered(scope["method"], route, status, seconds=took)
            principal = scope["state"].get("principal")
            logger.info(
                "answered",
                extra={
                    "request": id,
                    "principal": principal.name if principal is not None else None,
                    "route": route,
                    "status": status,
                    "milliseconds": round(1000 * took, 1),
                },
            )

    def _may_go_on(self, path: str) -> bool:
        """Tell whether an answer is a stream, or bounded by an application itself."""
        return path.endswith("/events") or first_part(path) in self._applications

    @staticmethod
    def _late(id: str) -> ASGIApp:
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "the request took too long",
            kind="timeout",
            hint="ask for less at once, or raise CODEBASE_CORE_HTTP_REQUEST_TIMEOUT",
            request_id=id,
        )

    @staticmethod
    def _unexpected(error: Exception, scope: Scope, id: str) -> ASGIApp:
        logger.error("a request failed", exc_info=error, extra={"request": id, "path": scope["path"]})
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            f"unexpected {type(error).__name__}; the server's log has more under this request's id",
            kind="internal error",
            hint="codebase-core doctor",
            request_id=id,
        )


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == REQUEST_ID), b"")
    return given.decode("ascii") if _ID.fullmatch(given) else uuid4().hex
