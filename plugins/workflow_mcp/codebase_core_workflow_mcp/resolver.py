"""Ask workflow-mcp which project is active: ``GET /api/v1/projects/active``."""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import Claim, CodebaseCoreError, ResolverUnavailable

from .request import get

if TYPE_CHECKING:
    from codebase_core_hookspecs import Request

PATH = "/api/v1/projects/active"

_OK, _NO_CONTENT, _NOT_FOUND, _SERVER_FAULT = 200, 204, 404, 500


class WrongAnswer(CodebaseCoreError):
    """The service answers with something else than a project: resolution stops, nobody knows what is meant."""


class ActiveProject:
    """The active project, kept for a while. No URL, no question: the tier is absent."""

    def __init__(self, url: str | None, *, timeout: float, cache_seconds: float) -> None:
        self._url = url.rstrip("/") + PATH if url else None
        self._timeout = timeout
        self._cache_seconds = cache_seconds
        self._kept: tuple[float, Claim] | None = None

    async def resolve(self, request: Request) -> Claim:  # noqa: ARG002 - one project is active, whatever the folder
        """Return the active project; raise ResolverUnavailable when the service is down or slow."""
        if self._url is None:
            return Claim(evidence="not configured (WORKFLOW_MCP_URL)")
        if self._kept is None or monotonic() - self._kept[0] > self._cache_seconds:
            self._kept = (monotonic(), await self._asked(self._url))
        return self._kept[1]

    async def aclose(self) -> None:
        """Hold nothing."""

    async def _asked(self, url: str) -> Claim:
        try:
            status, body = await get(url, seconds=self._timeout)
        except TimeoutError:
            raise self._unavailable(f"{url} does not answer within {self._timeout:g} s") from None
        except OSError as exc:
            raise self._unavailable(f"{url}: {exc.strerror or exc}") from exc
        except ValueError as exc:
            raise _wrong(url, str(exc)) from exc
        if status in (_NO_CONTENT, _NOT_FOUND):
            return Claim(evidence=f"{url}: no project is active")
        if status >= _SERVER_FAULT:
            raise self._unavailable(f"{url} answers with status {status}")
        if status != _OK:
            raise _wrong(url, f"status {status}")
        return _claim(url, body)

    def _unavailable(self, message: str) -> ResolverUnavailable:
        return ResolverUnavailable(message, hint="start workflow-mcp, unset WORKFLOW_MCP_URL, or name the --project")


def _claim(url: str, body: bytes) -> Claim:
    """Read ``{"id", "name"}``, also as ``project_id`` and ``project_name`` or below ``project``."""
    try:
        answer: Any = json.loads(body)
    except ValueError as exc:
        raise _wrong(url, "no JSON") from exc
    if isinstance(answer, dict) and "project" in answer:
        answer = answer["project"]
    if answer is None:
        return Claim(evidence=f"{url}: no project is active")
    if not isinstance(answer, dict):
        raise _wrong(url, "no object")
    id, name = (answer.get(key, answer.get(f"project_{key}")) for key in ("id", "name"))
    if (id is None and name is None) or not all(isinstance(each, str | None) for each in (id, name)):
        raise _wrong(url, "neither id nor name of a project")
    try:
        return Claim(evidence=url, name=name, id=UUID(id) if id is not None else None)
    except ValueError as exc:
        raise _wrong(url, f"the id {id!r} is no UUID") from exc


def _wrong(url: str, what: str) -> WrongAnswer:
    hint = "check WORKFLOW_MCP_URL, unset it, or name the --project"
    return WrongAnswer(f"{url} gives a wrong answer: {what}", hint=hint)
