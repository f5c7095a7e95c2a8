"""Entity tags: what a client has already is not sent again."""

from typing import TypeVar

from fastapi import Request, Response

T = TypeVar("T")

NOT_MODIFIED = 304


def answer_with(value: T, request: Request, response: Response, *, tag: str) -> T | Response:
    """Return the value with a weak tag, or 304 to whoever has it."""
    etag = f'W/"{tag}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    known = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, etag.removeprefix("W/"), "*"}:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return value
