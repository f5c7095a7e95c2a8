"""Pack an answer into a budget of tokens, as a language model counts them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .window import best_line, best_window, line_scores, patterns

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

BYTES_A_TOKEN = 3
"""Source code takes three to four bytes a token with the vocabularies of current models; three keeps within the budget."""

HEADING = 12
"""Tokens for what stands around a passage: number, lines, marks; its path is counted beside."""

LEAST_LINES = 3
LONGEST_LINE = 400
"""A longer line is cut around what matches; characters."""

LARGEST_HIT = 4_000
"""Tokens of one hit that nobody asked to see whole: some 300 lines."""

CUT = "…"
_WIDEST = 4
"""Bytes of a character at most."""

OPENING = frozenset("{([")


def tokens(text: str) -> int:
    """Return how many tokens a text takes at most, by its UTF-8 length."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_A_TOKEN)


def fit_to_budget(hits: Sequence[Hit], query: str, *, max_tokens: int) -> list[Hit]:
    """Return the hits that fit, best first; the one that does not fit whole is cut to the lines that match best.

    A passage is never cut below three lines; what still does not fit is left out, and smaller ones after it may fit.
    """
    kept: list[Hit] = []
    left = max_tokens
    for hit in hits:
        room = left - HEADING - tokens(hit.path) - tokens(hit.opening)
        fitting = hit if tokens(hit.text) <= room else _cut(hit, query, room)
        if fitting is not None:
            kept.append(fitting)
            left = room - tokens(fitting.text)
    return kept


def within_bounds(hit: Hit, query: str) -> Hit:
    """Return a hit no larger than one that nobody asked for as a whole: long lines and all are cut around what matches."""
    bounded = with_short_lines(hit, query)
    return bounded if tokens(bounded.text) <= LARGEST_HIT else _cut(bounded, query, LARGEST_HIT) or bounded


def with_short_lines(hit: Hit, query: str, longest: int = LONGEST_LINE) -> Hit:
    """Return a hit with its long lines cut around the first word of the query in each, marked by dots."""
    if len(hit.text) <= longest:
        return hit
    if longest <= 2 * len(CUT):
        return replace(hit, text="")
    lines = hit.text.split("\n")
    if max(map(len, lines)) <= longest:
        return hit
    words = re.compile("|".join(patterns(query)) or r"(?!)", re.IGNORECASE)
    return replace(hit, text="\n".join(_around(line, words, longest) for line in lines))


def _around(line: str, words: re.Pattern[str], longest: int) -> str:
    if len(line) <= longest:
        return line
    found = words.search(line)
    width = longest - 2 * len(CUT)
    start = min(max(0, (found.start() if found else 0) - width // 4), len(line) - width)
    end = start + width
    return f"{CUT if start else ''}{line[start:end]}{CUT if end < len(line) else ''}"


def named_alone(hit: Hit, query: str, *, max_tokens: int) -> Hit:
    """Return a hit for a budget that nothing fits into: where it is, and as much of its best line as there is room for."""
    line = best_line(hit, query)
    text = hit.text.split("\n")[line - hit.start_line]
    room = max(0, max_tokens - HEADING - tokens(hit.path)) * BYTES_A_TOKEN
    shown = with_short_lines(replace(hit, text=text), query, longest=room // _WIDEST)
    return replace(shown, start_line=line, end_line=line)


def _cut(hit: Hit, query: str, room: int) -> Hit | None:
    """Return the best lines of a hit that take at most ``room`` tokens; None if three of them take more."""
    lines = hit.text.removesuffix("\n").split("\n")
    scores = line_scores(hit, query)

    def window(size: int) -> tuple[int, str]:
        first = best_window(scores, size)
        first -= first > 0 and lines[first].strip() in OPENING  # what it opens stands above
        return first, "\n".join(lines[first : first + size]) + "\n"

    size = bisect_right(range(len(lines)), room, key=lambda size: tokens(window(size)[1])) - 1
    if size < min(LEAST_LINES, len(lines)):
        return None
    first, text = window(size)
    start = hit.start_line + first
    end = start + size - 1
    inside = tuple(symbol for symbol in hit.symbols if start <= symbol.line <= end)
    return replace(hit, start_line=start, end_line=end, text=text, symbols=inside)
