"""Browsers log in with a token once, by the address that the server prints or by hand, and get a cookie for half a day."""

from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from .guard import COOKIE, LOGIN, session_of
from .page.templates import render
from .principals import SESSION_SECONDS, Principals

router = APIRouter(include_in_schema=False)

_SEE_OTHER, _UNAUTHORIZED = 303, 401


@router.get(LOGIN)
async def form(
    request: Request, token: str | None = None, there: Annotated[str, Query(alias="next")] = "/"
) -> Response:
    """Show the form; with a token, log in at once and leave it out of the address."""
    if token is not None:
        return await _logged_in(request, token, there)
    return render(request, "login.html", {"next": there, "wrong": False})


@router.post(LOGIN)
async def log_in(request: Request) -> Response:
    """Log in with the form's token."""
    sent = parse_qs((await request.body()).decode(errors="replace"))
    return await _logged_in(request, sent.get("token", [""])[0].strip(), sent.get("next", ["/"])[0])


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End the session."""
    principals: Principals = request.app.state.principals
    if session := session_of(request.headers):
        principals.end(session)
    answer = RedirectResponse(LOGIN, _SEE_OTHER)
    answer.delete_cookie(COOKIE)
    return answer


async def _logged_in(request: Request, token: str, there: str) -> Response:
    principals: Principals = request.app.state.principals
    if await principals.of_token(token) is None:
        return render(request, "login.html", {"next": there, "wrong": True}, status=_UNAUTHORIZED)
    answer = RedirectResponse(there if _is_here(there) else "/", _SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        principals.begin(token),
        max_age=int(SESSION_SECONDS),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _is_here(there: str) -> bool:
    """Tell whether an address is a path of this server: two slashes, of either kind, begin another host's."""
    parts = urlsplit(there)
    return there.startswith("/") and not parts.netloc and not there.startswith(("//", "/\\")) and there.isprintable()
