"""What is shown around a hit: lines before and after, or the whole definitions that it cuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit, StoredFile, Symbol

CALLABLE = frozenset({"function", "method"})
ENCLOSING = CALLABLE | {"type", "impl", "namespace"}


def expand(
    hits: Sequence[Hit], files: Mapping[tuple[str, str], StoredFile], *, lines: int = 0, full: bool = False
) -> list[Hit]:
    """Return the hits with ``lines`` more lines on both sides, or with ``full`` completed to whole definitions.

    A hit that then lies within a better one of the same file is left out.
    """
    kept: list[Hit] = []
    for hit in hits:
        file = files.get((hit.repository, hit.path))
        wide = hit if file is None else _expanded(hit, file, lines=lines, full=full)
        if not any(_within(wide, other) for other in kept):
            kept.append(wide)
    return kept


def _expanded(hit: Hit, file: StoredFile, *, lines: int, full: bool) -> Hit:
    text = file_lines(file)
    start, end = hit.start_line, hit.end_line
    if full:
        start, end = completed(start, end, symbols_of(file))
    start, end = max(1, start - lines), min(len(text), end + lines)
    return replace(
        hit,
        start_line=start,
        end_line=end,
        symbols=tuple(symbol for symbol in symbols_of(file) if start <= symbol.line <= end),
        text="".join(text[start - 1 : end]),
    )


def completed(start: int, end: int, symbols: Iterable[Symbol]) -> tuple[int, int]:
    """Return lines that cut no function: those given and every function that they share a line with.

    Where no function is cut, a type that begins in the lines is completed.
    """
    known = [s for s in symbols if s.end_line is not None and s.kind in ENCLOSING and not s.local]
    for kinds in (CALLABLE, ENCLOSING - CALLABLE):
        cut = [s for s in known if s.kind in kinds and _cuts(s, start, end, inside=kinds is CALLABLE)]
        if cut:
            return min([start, *(s.line for s in cut)]), max([end, *(s.end_line or 0 for s in cut)])
    return start, end


def _cuts(symbol: Symbol, start: int, end: int, *, inside: bool) -> bool:
    last = symbol.end_line or symbol.line
    begins = start <= symbol.line <= end < last
    return begins or (inside and symbol.line < start <= last)


def symbols_of(file: StoredFile) -> list[Symbol]:
    """Return everything that a file defines, in order."""
    return [symbol for chunk in file.chunks for symbol in chunk.symbols]


def file_lines(file: StoredFile) -> list[str]:
    """Return the lines of a file with their ends, as they were indexed."""
    text = "".join(chunk.text for chunk in file.chunks)
    pieces = text.split("\n")
    return [line + "\n" for line in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _within(hit: Hit, other: Hit) -> bool:
    same = (hit.repository, hit.path) == (other.repository, other.path)
    return same and other.start_line <= hit.start_line and hit.end_line <= other.end_line
