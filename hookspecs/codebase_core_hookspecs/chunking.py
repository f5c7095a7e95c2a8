"""Chunking: one source file to chunks and the symbols they define."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A decoded file: ``text`` is valid UTF-8 without NUL and without byte order mark.

    ``path`` is POSIX and relative to the repository root.
    """

    path: str
    language: str | None
    text: bytes


class Span(NamedTuple):
    """A place in a file: lines are 1-based and inclusive, bytes half-open offsets into the UTF-8 text.

    A named tuple, as Candidate is: hundreds are made for an answer. Give its fields by name.
    """

    start_line: int
    end_line: int
    start_byte: int
    end_byte: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A definition. ``weak`` means found by a keyword pattern, not by a syntax tree, or a re-export of one that is elsewhere.

    ``line`` is where its name stands, ``end_line`` the last line of its body, None if that is not known; 1-based.
    """

    name: str
    kind: str
    qualified_name: str
    line: int
    end_line: int | None = None
    local: bool = False
    weak: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return what is printed of a definition."""
        keys = ("name", "kind", "qualified_name", "line", "end_line")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of a file. The spans of a file's chunks tile it: no gap, no overlap, in order.

    ``scope`` is the qualified name of the innermost definition that the whole chunk is a part of, and that begins before it with
    its comments or code; empty where the chunk holds whole definitions of the top level.
    """

    span: Span
    kind: str = "lines"
    scope: str = ""
    symbols: tuple[Symbol, ...] = ()
