"""Which lines of a passage say most about a query."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from codebase_core.lexical.identifiers import SPACELESS, is_spaceless, words_and_numbers

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

_LEAST_LETTERS, _ENDING = 4, 3
_RUNS = re.compile(f"[{SPACELESS}]+|[^{SPACELESS}]+")


def patterns(query: str) -> list[str]:
    """Return expressions for the words of a query: in other inflections, or what is searched of a script without spaces."""
    found: list[str] = []
    for word in words_and_numbers(query):
        for run in _RUNS.findall(word):
            if is_spaceless(run):
                found += [run[at : at + 2] for at in range(max(1, len(run) - 1))]
            elif len(run) >= _LEAST_LETTERS - 1:
                found.append(_inflected(run))
    return list(dict.fromkeys(found))


def _inflected(word: str) -> str:
    """Return an expression for a word with another ending; a number at its end is not one: base64 is not base32."""
    kept = len(word) if word[-1].isdigit() else max(_LEAST_LETTERS, len(word) - _ENDING)
    return re.escape(word[:kept]) + r"\w*"


def line_scores(hit: Hit, query: str) -> list[int]:
    """Return how much of the query each line of a hit holds; a line that defines what is asked for comes first."""
    words = [re.compile(word, re.IGNORECASE) for word in patterns(query)]
    lines = hit.text.removesuffix("\n").split("\n")
    scores = [sum(bool(word.search(line)) for word in words) for line in lines]
    asked = set(re.findall(r"\w+", query.lower()))
    for symbol in hit.symbols:
        if symbol.name.lower() in asked and hit.start_line <= symbol.line < hit.start_line + len(lines):
            scores[symbol.line - hit.start_line] += len(lines)
    return scores


def best_line(hit: Hit, query: str) -> int:
    """Return the 1-based line that holds most of the query, the first of equals."""
    scores = line_scores(hit, query)
    return hit.start_line + max(range(len(scores)), key=lambda i: (scores[i], -i))


def best_window(scores: list[int], size: int) -> int:
    """Return where the ``size`` lines begin that hold most of the query; of equals, those right around the best line."""
    starts = range(max(1, len(scores) - size + 1))
    lead = max(range(len(scores)), key=lambda i: (scores[i], -i)) - 1
    before = [0, *accumulate(scores)]
    return max(starts, key=lambda start: (before[min(start + size, len(scores))] - before[start], -abs(start - lead)))


def numbered_lines(hit: Hit, query: str, most: int | None) -> list[tuple[int, str] | None]:
    """Return the lines of a hit to show, each with its number, at most ``most`` of them; None stands for lines left out.

    Shown are the lines that match best, and before them the line in which the definition around them begins; behind them, where
    they are of the comment above a definition, the line in which that begins.
    """
    lines = hit.text.rstrip("\n").split("\n")
    numbered = [(number, line) for number, line in enumerate(lines, hit.start_line)]
    if hit.within is not None and hit.opening and hit.within.line < hit.start_line:
        opened = [(hit.within.line, hit.opening), None]
        return [*opened, *numbered_lines(replace(hit, opening=""), query, most if most is None else max(1, most - 2))]
    if most is None or len(lines) <= most:
        return list(numbered)
    scores = line_scores(hit, query)
    first = best_window(scores, most)
    opening = _opening(hit, hit.start_line + first)
    if opening is None:
        return _before_definition(hit, numbered, scores, first, most)
    first = opening + 1 - hit.start_line + best_window(scores[opening + 1 - hit.start_line :], most - 2)
    signature = numbered[opening - hit.start_line]
    gap = [None] if first + hit.start_line > opening + 1 else []
    return [signature, *gap, *numbered[first : first + most - 2]]


def _before_definition(
    hit: Hit, numbered: list[tuple[int, str]], scores: list[int], first: int, most: int
) -> list[tuple[int, str] | None]:
    """Return the lines from ``first`` on; where they end before the definition that they are the comment of, with its line."""
    end = hit.start_line + first + most
    begun = [symbol.line for symbol in hit.symbols if symbol.kind != "field" and not symbol.local]
    following = min((line for line in begun if end <= line <= hit.end_line), default=None)
    if following is None or any(hit.start_line + first <= line < end for line in begun):
        return list(numbered[first : first + most])
    above = following - hit.start_line
    start = best_window(scores[:above], most - 2)
    comment = numbered[start : min(start + most - 2, above)]
    gap = [None] if start + most - 2 < above else []
    return [*comment, *gap, numbered[above]]


def _opening(hit: Hit, line: int) -> int | None:
    """Return the line, above the given one, where the innermost definition around it begins; None if none does in the hit."""
    around = [
        symbol.line
        for symbol in hit.symbols
        if hit.start_line <= symbol.line < line <= (symbol.end_line or hit.end_line)
    ]
    return max(around, default=None)
