"""Names of databases and schemas, made and quoted in one place."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

MAX_BYTES = 63
"""PostgreSQL cuts longer identifiers without a word (NAMEDATALEN - 1)."""

_SLUG_LENGTH = 40
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def quote(identifier: str) -> str:
    """Return an identifier in double quotes; raise ValueError for what PostgreSQL cannot hold unchanged."""
    if not identifier or "\0" in identifier or len(identifier.encode()) > MAX_BYTES:
        raise ValueError(f"not an identifier: {identifier!r}")
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal, for the few statements that take no parameters (COMMENT, CREATE)."""
    if "\0" in text:
        raise ValueError(f"not a literal: {text!r}")
    return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def slug(name: str) -> str:
    """Return a name as a part of an identifier: ASCII letters, digits and single ``_``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_WORD.sub("_", plain).strip("_")[:_SLUG_LENGTH].strip("_") or "project"


def short(project: UUID) -> str:
    """Return the first eight hexadecimal digits of a project's id."""
    return project.hex[:8]
