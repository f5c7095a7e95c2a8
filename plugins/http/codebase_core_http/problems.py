"""Errors as problem details (RFC 9457), with the ``error`` and ``hint`` that the command line prints."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

import codebase_core_hookspecs as contract
from codebase_core_hookspecs import CodebaseCoreError
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from .page.templates import render

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

_STATUS: tuple[tuple[type[CodebaseCoreError], HTTPStatus], ...] = (
    (contract.ProjectNotFound, HTTPStatus.NOT_FOUND),
    (contract.ProjectUnresolved, HTTPStatus.NOT_FOUND),
    (contract.FileNotIndexed, HTTPStatus.NOT_FOUND),
    (contract.JobNotFound, HTTPStatus.NOT_FOUND),
    (contract.InvalidRequest, HTTPStatus.UNPROCESSABLE_ENTITY),
    (contract.CursorInvalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (contract.PathUnusable, HTTPStatus.UNPROCESSABLE_ENTITY),
    (contract.FolderNotAllowed, HTTPStatus.FORBIDDEN),
    (contract.VersionConflict, HTTPStatus.PRECONDITION_FAILED),
    (contract.StorageFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (contract.ServerUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (contract.EmbedderUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (contract.GenerationChanged, HTTPStatus.SERVICE_UNAVAILABLE),
    (CodebaseCoreError, HTTPStatus.CONFLICT),
)
"""The first class that an error is of decides; any other state of an index or project is a conflict with the request."""


class Problem(BaseModel):
    """Problem details of RFC 9457; ``error`` and ``hint`` are what the command line prints."""

    type: Annotated[str, Field(examples=["urn:codebase-core:project-not-found"])]
    title: Annotated[str, Field(examples=["Project not found"])]
    status: Annotated[int, Field(ge=400, le=599)]
    error: str
    hint: str | None = None
    instance: Annotated[str | None, Field(description="The request's id, as in the header x-request-id.")] = None
    errors: Annotated[list[dict[str, Any]] | None, Field(description="What is wrong with each parameter.")] = None


def problem(
    status: HTTPStatus, error: str, *, kind: str, hint: str | None = None, request_id: str | None = None, **more: Any
) -> Response:
    """Return an answer that tells of a problem; ``kind`` is its class in words, as ``project not found``."""
    told = Problem(
        type=f"urn:codebase-core:{kind.replace(' ', '-')}",
        title=kind.capitalize(),
        status=status,
        error=error,
        hint=hint,
        instance=request_id,
        **more,
    )
    headers = {"retry-after": str(RETRY_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(told.model_dump(exclude_none=True), status, headers, media_type=MEDIA_TYPE)


def status_of(error: CodebaseCoreError) -> HTTPStatus:
    """Return the status that tells of an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def in_words(error: BaseException) -> str:
    """Return the class of an error in words, as ``project not found``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


def add_handlers(app: FastAPI) -> None:
    """Turn what routes raise into problems, and for people into a page that says the same."""

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, CodebaseCoreError)  # noqa: S101 - registered for these
        return _told(request, status_of(error), error.message, kind=in_words(error), hint=error.hint)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        found = [{"where": [str(part) for part in each["loc"]], "message": each["msg"]} for each in error.errors()]
        where = ".".join(found[0]["where"][1:]) or "the request"
        return _told(
            request,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{where}: {found[0]['message'].lower()}",
            kind="invalid request",
            hint="GET /api/v1/openapi.json describes every parameter",
            errors=found,
        )

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        status = HTTPStatus(error.status_code)
        answer = _told(request, status, str(error.detail), kind=status.phrase.lower())
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(CodebaseCoreError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_status)


def _told(
    request: Request, status: HTTPStatus, error: str, *, kind: str, hint: str | None = None, **more: Any
) -> Response:
    """Return a page to a browser that shows one, and problem details to everybody else."""
    id = request.state.request_id
    if request.url.path.startswith(("/api/", "/health", "/metrics")) or "text/html" not in request.headers.get(
        "accept", ""
    ):
        return problem(status, error, kind=kind, hint=hint, request_id=id, **more)
    values = {"title": kind.capitalize(), "error": error, "hint": hint, "request_id": id}
    return render(request, "error.html", values, status=status)
