"""Entity tags: what a client has already is not sent again."""

from typing import TypeVar

from codebase_core_hookspecs import VersionConflict
from fastapi import Request, Response

T = TypeVar("T")

NOT_MODIFIED = 304
_DIGITS = 9


def version_in(if_match: str) -> int:
    """Return the version that ``If-Match`` names; raise VersionConflict for a tag that no record has."""
    version = if_match.strip().removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit() and len(version) <= _DIGITS):
        raise VersionConflict(f"no record has the tag {if_match!r}", hint="send the ETag of the record as it was read")
    return int(version)


def answer_with(value: T, request: Request, response: Response, *, tag: str) -> T | Response:
    """Return the value with a weak tag, or 304 to whoever has it."""
    etag = f'W/"{tag}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    known = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, etag.removeprefix("W/"), "*"}:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return value
