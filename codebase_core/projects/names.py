"""Names of projects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from codebase_core.errors import IllegalName

MAX_LENGTH = 255
_LEGAL = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9 _-]*[A-Za-z0-9_-])?")
_ILLEGAL = re.compile(r"[^A-Za-z0-9 _-]+")


def as_id(text: str) -> UUID | None:
    """Return the id that a user wrote in place of a name, in any spelling of a UUID; None for a name."""
    try:
        return UUID(text)
    except ValueError:
        return None


def check_name(name: str) -> str:
    """Return a legal name; raise IllegalName for any other."""
    if as_id(name) is not None:
        raise IllegalName(f"{name!r} is no name for a project: it would be taken for an id", hint="choose another name")
    if not _LEGAL.fullmatch(name) or len(name) > MAX_LENGTH:
        shown = name if len(name) <= MAX_LENGTH else name[:40] + "…"
        raise IllegalName(
            f"{shown!r} is no name for a project",
            hint=f"use letters, digits, spaces, _ and -, no space at the ends, at most {MAX_LENGTH} characters",
        )
    return name


def names_for(root: Path) -> Iterator[str]:
    """Yield names for a folder's project, the plainest first; a taken one gets its parents' names in front."""
    pieces = [piece for piece in map(_legal, reversed(root.parts)) if piece] or ["project"]
    for count in range(1, len(pieces) + 1):
        name = "-".join(reversed(pieces[:count]))[:MAX_LENGTH].strip(" -")
        if as_id(name) is None:
            yield name
    number = 2
    while True:
        yield f"{pieces[0][: MAX_LENGTH - 12]}-{number}"
        number += 1


def _legal(piece: str) -> str:
    return _ILLEGAL.sub("-", piece).strip(" -")
