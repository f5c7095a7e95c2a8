"""Who gets in: a bearer token, or a browser that logged in with one. Nothing else of a request is looked at before."""

from __future__ import annotations

from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from codebase_core_asgi.deadlines import hurried
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from .problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .principals import Principal, Principals

BODY_BYTES = 1_000_000
COOKIE = "codebase_core_session"
LOGIN = "/login"
OPEN = frozenset({LOGIN, "/health/live", "/health/ready", "/favicon.ico"})
"""Paths for everybody; what lies in /static/ is as well."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Finds the principal of a request, or answers that one is needed.

    A cookie counts for a change only if the page that asks is this server's own. ``only_loopback_names`` refuses a Host that is
    not this machine: somebody's page that its name server points here.
    """

    def __init__(self, app: ASGIApp, principals: Principals, *, only_loopback_names: bool) -> None:
        self._app = app
        self._principals = principals
        self._only_loopback_names = only_loopback_names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._misdirected(headers, scope)
        if refusal is None and not (scope["path"] in OPEN or scope["path"].startswith("/static/")):
            principal, refusal = await self._principal(headers, scope)
            scope["state"]["principal"] = principal
        await (self._app if refusal is None else refusal)(scope, _bounded(hurried(receive)), send)

    def _misdirected(self, headers: Headers, scope: Scope) -> Response | None:
        name = urlsplit(f"//{headers.get('host', '')}").hostname if "/" not in headers.get("host", "") else ""
        if not self._only_loopback_names or scope["server"] is None or scope["server"][1] is None or name in _LOOPBACK:
            return None
        return problem(
            HTTPStatus.MISDIRECTED_REQUEST,
            "this server answers to localhost alone",
            kind="misdirected request",
            hint="--behind-proxy ADDRESS where a proxy leads here",
            request_id=scope["state"]["request_id"],
        )

    async def _principal(self, headers: Headers, scope: Scope) -> tuple[Principal | None, Response | None]:
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and (found := await self._principals.of_token(token.strip())) is not None:
            return found, None
        session = session_of(headers)
        if not kind and session and (found := await self._principals.of_session(session)) is not None:
            if scope["method"] in _SAFE or _is_own_page(headers):
                return found, None
            return None, problem(
                HTTPStatus.FORBIDDEN,
                "another site's page asks for a change",
                kind="cross-site request",
                hint="use the page of this server, or a bearer token",
                request_id=scope["state"]["request_id"],
            )
        return None, _unknown(headers, scope)


def _bounded(receive: Receive) -> Receive:
    """Refuse a body of more than BODY_BYTES, before all of it is in memory."""
    size = 0

    async def receiving() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > BODY_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {BODY_BYTES:,} bytes")
        return message

    return receiving


def session_of(headers: Headers) -> str | None:
    """Return the session that a browser sends."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie is not None else None


def _is_own_page(headers: Headers) -> bool:
    """Tell whether a page of this server asks: browsers send an origin with every change."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def _unknown(headers: Headers, scope: Scope) -> Response:
    """Lead a browser to the login, and tell a program what it lacks."""
    browser = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
    if browser and not scope["path"].startswith("/api/"):
        query = scope["query_string"].decode("latin-1")
        there = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"{LOGIN}?next={quote(there, safe='')}", HTTPStatus.SEE_OTHER)
    return problem(
        HTTPStatus.UNAUTHORIZED,
        "a token is needed",
        kind="unauthorized",
        hint="send the header Authorization: Bearer TOKEN; codebase-core serve says where its owner's is",
        request_id=scope["state"]["request_id"],
    )
