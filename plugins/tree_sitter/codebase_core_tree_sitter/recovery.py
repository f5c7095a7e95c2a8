"""Definitions in and around what a grammar cannot parse: a broken function costs that function only."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from time import thread_time
from typing import TYPE_CHECKING

from .definitions import HOLDERS, Definition, definitions
from .grammars import ParseTimeout, seconds_for
from .keywords import found_by_keyword
from .repairs import repaired

if TYPE_CHECKING:
    from tree_sitter import Node

    from .grammars import Grammar

MAX_ISOLATED = 60_000
"""Larger files are not parsed piece by piece; bytes."""

MAX_NARROWED = 10_000
"""A longer statement is left out as a whole; bytes."""

_BLANK = ord(" ")
_NOT_A_LINE_BREAK = re.compile(rb"[^\r\n]")

MAX_PIECES = 2_000
"""A file of more statements is searched by keyword where it is broken."""

PARSED_AGAIN, LEAST_PARSED_AGAIN = 2, 20_000
"""How many times a file's bytes are parsed again to find what breaks it, and the bytes that any file may take.

Parsing each broken piece up to 40 times made an index of libstdc++'s headers take 1.4 times as long.
"""

_DEEPEST = 2
"""Broken are a statement, or a statement of a class, or one of a class within."""

_LOOKED_BACK = 200
"""So many definitions before a name are asked whether they hold it."""

_CONTINUED = re.compile(rb"[\s}\])#]|end\b|else\b|<<<<<<<|=======|>>>>>>>")


def recovered(grammar: Grammar, text: bytes, root: Node, found: Sequence[Definition]) -> Sequence[Definition]:
    """Return the definitions of a tree with errors, in order of their names.

    Three attempts, each for what the one before left broken: notations that the grammar is known to lack are written in
    another way, at the same offsets; what breaks the rest is left out; what is left out is searched by keyword, and what is
    found so is marked weak.
    """
    known = {each.at: each for each in found}
    parsed = text
    trials = Trials(grammar, text, seconds=seconds_for(text))
    better = repaired(text, grammar.language)
    if better != text:
        tree = trials.tree(better)
        if tree is not None and _broken(tree) < _broken(root):
            known = {each.at: each for each in definitions(tree, grammar.definitions)}
            root, parsed = tree, better
    if root.has_error and len(text) <= MAX_ISOLATED:
        rest = _without_what_breaks(trials, parsed, root)
        tree = trials.tree(rest)
        if tree is not None and _broken(tree) < _broken(root):
            left_out = {at: each for at, each in known.items() if rest[at] == _BLANK}
            known = left_out | {each.at: each for each in definitions(tree, grammar.definitions)}
    if root.has_error:
        headers = sorted({(each.start, each.at) for each in known.values() if each.start < each.at})
        for each in found_by_keyword(parsed, grammar.language, root):
            if not _within_a_header(each.at, headers):
                known.setdefault(each.at, each)
    return _held(sorted(known.values(), key=lambda each: each.at))


class Trials:
    """Parses a file and its pieces again, as long as the bytes and the processor time for that last."""

    def __init__(self, grammar: Grammar, text: bytes, *, seconds: float) -> None:
        self._grammar = grammar
        self._deadline = thread_time() + seconds
        self._bytes = max(PARSED_AGAIN * len(text), LEAST_PARSED_AGAIN)

    def take(self, count: int) -> bool:
        """Take a number of bytes for a trial; return whether there were any left."""
        left = self._bytes > 0 and thread_time() < self._deadline
        self._bytes -= count * left
        return left

    def tree(self, text: bytes) -> Node | None:
        """Return the root of a text's tree; None if it took too long."""
        try:
            return self._grammar.parse(text, seconds=max(0.0, self._deadline - thread_time()))
        except ParseTimeout:
            return None

    def broken(self, text: bytes) -> int:
        """Return how many bytes of a text lie in errors: all of them where it took too long."""
        root = self.tree(text)
        return len(text) if root is None else _broken(root)


def _broken(root: Node) -> int:
    """Return how many bytes lie in errors; a token that is missing counts one."""
    total = 0
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            total += max(1, node.end_byte - node.start_byte)
        elif node.has_error:
            pending += node.children
    return total


def _without_what_breaks(trials: Trials, text: bytes, root: Node) -> bytes:
    """Return the text with blanks instead of the pieces that do not parse."""
    blanked = bytearray(text)
    pieces = list(_pieces(text, 0, len(text)))
    if len(pieces) > MAX_PIECES:
        return text
    for start, end in pieces:
        if not _inside_error(root, start, end):
            continue
        for a, b in _breaking(trials, text, (start, end), _DEEPEST):
            blanked[a:b] = _NOT_A_LINE_BREAK.sub(b" ", text[a:b])
    return bytes(blanked)


def _inside_error(root: Node, start: int, end: int) -> bool:
    """Tell whether the smallest node around a piece is free of errors: then it needs no look."""
    node = root.descendant_for_byte_range(start, max(start, end - 1))
    return node is None or node.has_error or node.is_error


def _breaking(trials: Trials, text: bytes, piece: tuple[int, int], depth: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a piece that are to be left out so that the rest of it parses."""
    start, end = piece
    broken = trials.broken(text[start:end])
    if not broken:
        return
    parts = list(_pieces(text, start, end)) if depth and end - start <= MAX_NARROWED else []
    best: tuple[int, int] | None = None
    for a, b in parts[1:]:
        if not trials.take(end - start):
            break
        left = trials.broken(_without(text, piece, (a, b)))
        if left < broken:
            broken, best = left, (a, b)
        if not left:
            break
    if best is None or broken:
        yield piece
    else:
        yield from _narrowed(trials, text, piece, best, depth)


def _narrowed(
    trials: Trials, text: bytes, piece: tuple[int, int], part: tuple[int, int], depth: int
) -> Iterator[tuple[int, int]]:
    """Yield a smaller part of a part of a piece if leaving that out is enough, else the part."""
    start, end = piece
    for a, b in list(_pieces(text, *part))[1:] if depth > 1 else ():
        if not trials.take(end - start):
            break
        if not trials.broken(_without(text, piece, (a, b))):
            yield a, b
            return
    yield part


def _without(text: bytes, piece: tuple[int, int], part: tuple[int, int]) -> bytes:
    """Return a piece of a text with blanks instead of a part of it."""
    return text[piece[0] : part[0]] + _NOT_A_LINE_BREAK.sub(b" ", text[slice(*part)]) + text[part[1] : piece[1]]


def _pieces(text: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the statements of a text, or of the body of one, by indentation.

    A statement begins where a line is indented least, other than by what closes or continues the one before.
    """
    lines: list[tuple[int, int]] = []
    at = start
    first = True
    while at < end:
        following = text.find(b"\n", at, end) + 1 or end
        line = text[at:following]
        bare = line.lstrip(b" \t")
        if bare.strip() and not (first and start):
            lines.append((at, len(line) - len(bare)))
        first = False
        at = following
    if not lines:
        return
    begins = [(at, indent) for at, indent in lines if not _CONTINUED.match(text, at + indent)]
    level = min((indent for _, indent in begins), default=0)
    starts = [at for at, indent in begins if indent <= level]
    yield from pairwise(dict.fromkeys([start, *starts, end]))


def _within_a_header(at: int, headers: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a place lies before the name of a definition that a tree has: between the two is its type, its receiver."""
    before = headers[max(0, bisect_right(headers, (at, at)) - _LOOKED_BACK) : bisect_right(headers, (at, at))]
    return any(start <= at < name for start, name in before)


def _held(found: Sequence[Definition]) -> list[Definition]:
    """Qualify what keywords found by what encloses it."""
    holders = sorted((each for each in found if each.kind in HOLDERS and not each.weak), key=lambda each: each.start)
    starts = [each.start for each in holders]
    placed = []
    for each in found:
        held = each
        if each.weak and each.start == each.at:
            before = reversed(holders[: bisect_right(starts, each.at)])
            holder = next((h for h in islice(before, _LOOKED_BACK) if h.end > each.at and h.at != each.at), None)
            if holder is not None:
                held = replace(each, qualified_name=f"{holder.qualified_name}.{each.qualified_name}")
        placed.append(held)
    return placed
