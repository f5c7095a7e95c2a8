"""Where a file may be cut along its syntax tree, and how much each cut would hurt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

WHOLE_BYTES = 1_250
"""A definition up to this size is not opened: it stays whole, and so does text without syntax."""

WHOLE_STATEMENT_BYTES = 700
"""The same for what defines nothing, and for a comment."""

MAX_DEPTH = 400
"""Deeper nodes are not opened: they are data, or made to be slow."""

MAX_CHILDREN = 100_000
"""Nodes with more are data."""

CLOSE_BYTES = 100
"""A cut that is this near behind another is left out, unless it is the better one."""

HEADER_BYTES = 400
"""A longer header may stand without the first statement of its body."""

GLUED = 3.0
"""Price of a cut between a header and its body, or between a comment and what it is about; a chunk costs 1 and more."""

WITHIN_LINE, WITHIN_TEXT = 2.0, 1.0
BETWEEN_STATEMENTS, DEEPER = 0.15, 0.2
BEFORE_LARGE, AFTER_LARGE = -0.5, -3.0
"""A definition that is cut begins a chunk, unless that leaves a tiny one before it; its last part is never shared."""

AFTER_BLANK_LINE = -0.1

HEAD_BYTES, WITHIN_HEAD = 300, 1.2
"""A cut so near behind the beginning of a definition costs more than one within the comment above it."""

_LEADING = frozenset({"decorator", "attribute_item", "annotation", "access_specifier", "signature", "haddock", "pod"})
"""What belongs to the node behind it, besides comments."""

_ATTRIBUTES = (b"@doc", b"@spec", b"@impl", b"@typedoc", b"@deprecated", b"@since")
"""Those of Elixir, for its grammar an operator."""

_CONTINUING = re.compile(rb"[})\]]|->|=>|(?:else|elif|elsif|catch|except|finally|rescue|ensure|end|where|then)\b")
"""Beginnings of lines that go on with the statement before."""

_CALLABLE = frozenset({"function", "method"})


class Cut(NamedTuple):
    """A place where a chunk may begin, a byte offset; the higher the price, the worse."""

    at: int
    price: float


class Cuts(NamedTuple):
    """The places in order, the first is 0; ``leads`` maps where a node begins to where the comments above it begin."""

    places: list[Cut]
    leads: Mapping[int, int]


def cuts_of(root: Node, text: bytes, kinds: Mapping[tuple[int, int], str]) -> Cuts:
    """Return where a file may be cut; ``kinds`` tells which nodes are definitions, by their first byte and their end."""
    walk = _Walk(text, kinds)
    begins = frozenset(start for start, _ in kinds)
    places = [Cut(0, 0.0)]
    for cut in (*walk.cuts(root), Cut(len(text), float("-inf"))):
        if cut.at - places[-1].at > WHOLE_BYTES:
            places += _by_lines(text, places[-1].at, cut.at, begins)
        if cut.at - places[-1].at >= CLOSE_BYTES or (cut.at > places[-1].at and cut.price < places[-1].price):
            places.append(cut)
    return Cuts(places[:-1], walk.leads)


class _Walk:
    """A walk over the nodes of a file in order, and what lies open at the place where it is."""

    def __init__(self, text: bytes, kinds: Mapping[tuple[int, int], str]) -> None:
        self.leads: dict[int, int] = {}
        self._text = text
        self._kinds = kinds
        self._large = frozenset(end for start, end in kinds if end - start > WHOLE_BYTES)
        self._header = -1
        """Where the header begins that the next cut would sever from its body; -1 for none."""
        self._lead, self._lead_column = -1, 0
        """Where the comments begin that the next cut would sever from what they are about; -1 for none."""
        self._head_end = 0
        self._large_ends: list[int] = []

    def cuts(self, root: Node) -> Iterator[Cut]:
        """Yield a cut before each node that begins a line, or lies far behind the cut before; in order."""
        text = self._text
        pending: list[tuple[Node, int, int]] = [(root, 0, 0)]
        last, end = -1, 0  # the cut before, and the end of the last node that was not opened
        line: int | None = None
        while pending:
            node, depth, level = pending.pop()
            start, stop = node.start_byte, node.end_byte
            kind = self._kinds.get((start, stop))
            size = stop - start
            opens = (
                size > (WHOLE_STATEMENT_BYTES if kind is None else WHOLE_BYTES)
                and depth < MAX_DEPTH
                and 0 < node.child_count <= MAX_CHILDREN
            )
            if start > last:
                line = _line_start(text, start, end)
                if line is not None:
                    leads = _leads(node, text)
                    large = (
                        self._lead < 0 and (leads or size > WHOLE_BYTES) and self._is_large(node, pending, leads=leads)
                    )
                    yield Cut(line, self._price(start, line, level, large=large))
                    self._begin(start, start - line, leads=leads)
                    last = start
                elif start - last > CLOSE_BYTES:
                    yield Cut(start, WITHIN_LINE if self._header < 0 else GLUED)
                    last = start
            elif line is not None and self._lead < 0 and start == last and _leads(node, text):
                self._begin(start, start - line, leads=True)  # a decorator begins what it decorates
            if opens:
                children = node.children
                self._open(start, stop, defines=kind is not None, keyword=not children[0].is_named)
                inside = level + 1 if level or kind in _CALLABLE else 0
                pending += [(child, depth + 1, inside) for child in reversed(children)]
            elif stop > end:
                if size > WHOLE_STATEMENT_BYTES and self._lead == start:
                    yield from _by_lines(text, start, stop, frozenset())
                end = stop

    def _is_large(self, node: Node, pending: Sequence[tuple[Node, int, int]], *, leads: bool) -> bool:
        """Tell whether a node, or for a comment the one that it is about, is a definition that will be opened."""
        following = len(pending) - 1
        while leads and following >= 0:
            node = pending[following][0]
            leads = _leads(node, self._text)
            following -= 1
        return node.end_byte in self._large and node.end_byte - node.start_byte > WHOLE_BYTES

    def _price(self, start: int, line: int, level: int, *, large: bool) -> float:
        """Return what a cut before a node costs that begins a line; what it would sever is at an end there."""
        text = self._text
        if self._lead_column > start - line:
            self._lead = -1  # the last comment of a block is about nothing behind the block
        severs = self._lead >= 0 or (self._header >= 0 and start - self._header < HEADER_BYTES)
        after_large = bool(self._large_ends) and self._large_ends[-1] <= start
        while self._large_ends and self._large_ends[-1] <= start:
            self._large_ends.pop()
        self._header = -1
        if severs or _CONTINUING.match(text, start):
            return GLUED
        if after_large and not level:
            return AFTER_LARGE
        price = BETWEEN_STATEMENTS + DEEPER * (level - 1) if level else 0.0
        price += BEFORE_LARGE if large or after_large else 0.0
        price += WITHIN_HEAD if start < self._head_end else 0.0
        return price + (AFTER_BLANK_LINE if text[max(0, line - 2) : line] == b"\n\n" else 0.0)

    def _begin(self, start: int, column: int, *, leads: bool) -> None:
        """Take note of a node at the beginning of a line: a comment leads, other nodes are led by the comments before."""
        if leads and self._lead < 0:
            self._lead, self._lead_column = start, column
        elif not leads and self._lead >= 0:
            if start > self._lead:
                self.leads[start] = self._lead
            self._lead, self._lead_column = -1, 0

    def _open(self, start: int, stop: int, *, defines: bool, keyword: bool) -> None:
        """Take note of a node whose children follow; ``keyword`` tells that it begins with a token, not with a statement."""
        if defines:
            self._large_ends.append(stop)
            self._head_end = start + HEAD_BYTES
        if self._header < 0 and (defines or keyword):
            self._header = start


def _by_lines(text: bytes, start: int, end: int, begins: frozenset[int]) -> Iterator[Cut]:
    """Yield cuts within what has no syntax to cut at: a long comment, a table, a script of another language."""
    last = start
    line = text.find(b"\n", min(start + HEAD_BYTES, end), end) + 1
    while 0 < line < end:
        following = text.find(b"\n", line, end) + 1
        content = line + len(text[line : following or end]) - len(text[line : following or end].lstrip(b" \t"))
        defines = content in begins
        if defines or line - last >= CLOSE_BYTES:
            yield Cut(line, 0.0 if defines else WITHIN_TEXT)
            last = line
        line = following


def _leads(node: Node, text: bytes) -> bool:
    kind = node.type
    return (
        "comment" in kind
        or kind in _LEADING
        or (kind == "unary_operator" and text.startswith(_ATTRIBUTES, node.start_byte))
    )


def _line_start(text: bytes, start: int, floor: int) -> int | None:
    """Return where the line begins if only blanks stand before ``start`` on it, and it is not before ``floor``.

    Nothing before ``floor`` is looked at: a line may be all of a large file.
    """
    line = text.rfind(b"\n", max(0, floor - 1), start) + 1
    return line if (line > 0 or floor == 0) and not text[line:start].strip() else None
