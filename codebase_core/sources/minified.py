"""Source that a tool has joined into long lines: what it defines is worth finding, what it says is not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Chunk, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MINIFIED = "minified: what it defines is indexed, and little of what it says"
"""Recorded with the file."""

LONG_LINE, LEAST_BYTES = 1_000, 4_000
"""Nobody writes lines of so many bytes; a short file costs nothing as it is."""

PIECE_BYTES = 32_768
WORDS = 100
"""Of each piece, the words that are searched."""

_PROSE_AND_DATA = frozenset({"markdown", "rst", "text", "tex", "json", "yaml", "toml", "ini", "xml", "html"})
"""A paragraph, or a record, may well be one line."""


def is_minified(text: bytes, language: str | None) -> bool:
    """Tell that more than half of a source stands in lines that nobody writes."""
    if language is None or language in _PROSE_AND_DATA or len(text) < LEAST_BYTES:
        return False
    return sum(size for size in _line_sizes(text) if size > LONG_LINE) > len(text) / 2


def _line_sizes(text: bytes) -> Iterator[int]:
    breaks = [-1]
    while (found := text.find(b"\n", breaks[-1] + 1)) >= 0:
        breaks.append(found)
    return (end - start for start, end in pairwise([*breaks, len(text)]))


def joined(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks of a file as few large ones, with all that they define."""
    pieces: list[Chunk] = []
    first = 0
    for number, chunk in enumerate(chunks, 1):
        start = chunks[first].span
        if number == len(chunks) or chunk.span.end_byte - start.start_byte >= PIECE_BYTES:
            span = Span(
                start_line=start.start_line,
                end_line=chunk.span.end_line,
                start_byte=start.start_byte,
                end_byte=chunk.span.end_byte,
            )
            symbols = tuple(symbol for each in chunks[first:number] for symbol in each.symbols)
            pieces.append(Chunk(span=span, kind=chunk.kind, symbols=symbols))
            first = number
    return pieces
