"""Names of projects, and the other texts of their records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from codebase_core.errors import IllegalName, IllegalText

MAX_LENGTH = 255
_LEGAL = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9 _-]*[A-Za-z0-9_-])?")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that no database takes."""

_MAX_TEXT, _MAX_TAG = 10_000, 100
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
        raise IllegalName(
            f"{name!r} is not a valid project name: it would be taken for an id", hint="choose another name"
        )
    if not _LEGAL.fullmatch(name) or len(name) > MAX_LENGTH:
        shown = name if len(name) <= MAX_LENGTH else name[:40] + "…"
        raise IllegalName(
            f"{shown!r} is not a valid project name",
            hint=f"use letters, digits, spaces, _ and -, no space at the ends, at most {MAX_LENGTH} characters",
        )
    return name


def check_text(text: str, what: str) -> str:
    """Return a text that every registry can hold; raise IllegalText for any other."""
    if UNSTORABLE.search(text):
        raise IllegalText(f"{what} holds a character that no database takes: {text[:40]!r}", hint="leave it out")
    if len(text) > _MAX_TEXT:
        raise IllegalText(f"{what} is longer than {_MAX_TEXT:,} characters: {text[:40]!r}…", hint="shorten it")
    return text


def check_tag(tag: str) -> str:
    """Return a tag: printable, no comma, no space at its ends; raise IllegalText for any other."""
    check_text(tag, "a tag")
    if not tag.isprintable() or not tag or tag != tag.strip() or "," in tag or len(tag) > _MAX_TAG:
        raise IllegalText(f"{tag[:40]!r} is not a valid tag", hint=f"1 to {_MAX_TAG} printable characters, no comma")
    return tag


def check_metadata(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return metadata that is JSON; raise IllegalText for any other."""
    try:
        text = json.dumps(metadata, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as exc:
        raise IllegalText(f"metadata must be JSON: {exc}", hint="texts, numbers, lists and objects") from exc
    for each in _texts(metadata):
        check_text(each, "metadata")
    if json.loads(text) != metadata:
        raise IllegalText("metadata must be JSON: it reads back as something else", hint="use texts as keys")
    return metadata


def _texts(value: Any) -> Iterator[str]:
    """Return every text in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from (key, *_texts(each))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


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
