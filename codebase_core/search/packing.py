"""Pack an answer into a budget of tokens, as a language model counts them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .window import best_window, line_scores

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

BYTES_A_TOKEN = 3
"""Source code takes three to four bytes a token with the vocabularies of current models; three keeps within the budget."""

HEADING = 12
"""Tokens for what stands around a passage: number, lines, marks; its path is counted beside."""

LEAST_LINES = 3
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
        room = left - HEADING - tokens(hit.path)
        fitting = hit if tokens(hit.text) <= room else _cut(hit, query, room)
        if fitting is not None:
            kept.append(fitting)
            left = room - tokens(fitting.text)
    return kept


def _cut(hit: Hit, query: str, room: int) -> Hit | None:
    """Return the best lines of a hit that take at most ``room`` tokens; None if three of them take more."""
    lines = hit.text.removesuffix("\n").split("\n")
    scores = line_scores(hit, query)

    def window(size: int) -> tuple[int, str]:
        first = best_window(scores, size)
        first -= first > 0 and lines[first].strip() in OPENING  # what it opens stands above
        return first, "\n".join(lines[first : first + size]) + "\n"

    size = bisect_right(range(len(lines)), room, key=lambda size: tokens(window(size)[1])) - 1
    if size < LEAST_LINES:
        return None
    first, text = window(size)
    start = hit.start_line + first
    end = start + size - 1
    inside = tuple(symbol for symbol in hit.symbols if start <= symbol.line <= end)
    return replace(hit, start_line=start, end_line=end, text=text, symbols=inside)
