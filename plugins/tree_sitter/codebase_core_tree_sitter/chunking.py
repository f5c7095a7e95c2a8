"""Cut a file along its syntax tree: whole nodes, packed up to a size, headers with their body."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from codebase_core_hookspecs import Chunk, SourceFile, Span, Symbol

from .definitions import HOLDERS, Definition, definitions
from .embedded import HOSTS, embedded
from .grammars import grammar
from .recovery import recovered

if TYPE_CHECKING:
    from tree_sitter import Node

TARGET_BYTES = 1_250
"""Measured best of 750 to 1,500 bytes over files and functions together (docs/ranking.md)."""

LONGEST_PIECE = 2 * TARGET_BYTES
"""A leaf of the tree may be this long before it is cut by lines."""

HEADER_BYTES = 200
"""What stands this little before a piece within the same statement goes along with it: ``if (…)`` with its block."""

MAX_DEPTH = 400
"""Deeper nodes are not opened: they are data, or made to be slow."""

DEEP_BYTES = 20_000
"""As much may lie deeper still."""

MAX_ERRORS = 20_000
"""100,000 opening braces in C take a query 7 s, 20,000 take it 0.3 s."""

MAX_CHILDREN = 100_000
"""Nodes with more are data."""

_TOP_BITS, _CONTINUATION = 0b1100_0000, 0b1000_0000
"""How UTF-8 marks a byte that does not begin a character."""

_LINE_BREAK = ord("\n")
_COMMENTS = ("comment", "line_comment", "block_comment", "doc_comment", "decorator", "attribute_item", "annotation")


def chunk_source(source: SourceFile) -> Sequence[Chunk] | None:
    """Return chunks that tile the file, each with the symbols whose names lie in it; None without a grammar.

    Raises ValueError for a tree that cannot be queried in time.
    """
    loaded = grammar(source.language or "")
    if loaded is None:
        return None
    if not source.text:
        return []
    root = loaded.parser.parse(source.text).root_node
    if why := _hostile(root):
        raise ValueError(why)
    found = definitions(root, loaded.definitions)
    if source.language in HOSTS:
        own = {each.at: each for each in [*found, *embedded(source.text, source.language)]}
        found = sorted(own.values(), key=lambda each: each.at)
    elif root.has_error:
        found = recovered(loaded, source.text, root, found)
    bounds = _bounds(root, source.text, frozenset((each.start, each.end) for each in found))
    spans = list(_spans(source.text, bounds))
    scopes = _scopes([(span.start_byte, _content_end(source.text, span)) for span in spans], found)
    return [_chunk(span, found, scope) for span, scope in zip(spans, scopes, strict=True)]


def _hostile(root: Node) -> str | None:
    """Say why a query would take too long: much of the file lies deeper than is opened, or is one heap of errors.

    It takes time by size times depth, and by the square of what the parser gave up on in one place.
    """
    pending = [(root, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            return f"nested more than {MAX_DEPTH} levels deep"
        if node.is_error and node.child_count > MAX_ERRORS:
            return f"more than {MAX_ERRORS:,} errors in one place"
        if node.child_count <= MAX_CHILDREN:
            pending += [(child, depth + 1) for child in node.children if child.end_byte - child.start_byte > DEEP_BYTES]
    return None


def _bounds(root: Node, text: bytes, defined: frozenset[tuple[int, int]]) -> list[int]:
    """Return where chunks begin; the first is 0."""
    bounds = [0]
    end = 0
    for piece in _pieces(root, defined):
        if piece.forced or piece.end - bounds[-1] > TARGET_BYTES:
            begin = _line_start(text, piece.start, end)
            if max(bounds[-1] + 1, end) <= begin < piece.end:
                header = begin if piece.forced else _line_start(text, piece.header, bounds[-1])
                bounds.append(header if bounds[-1] < header < begin else begin)
        end = max(end, piece.end)
    return [cut for a, b in pairwise([*bounds, len(text)]) for cut in (a, *_cut(text, a, b))]


class _Piece(NamedTuple):
    """A node that is small enough or cannot be opened.

    ``forced`` asks for a boundary: before a large definition, so that its header stays with its body and not with what
    stands before; a comment right above goes along. ``header`` is where what encloses the piece begins, not far before it.
    """

    start: int
    end: int
    forced: bool
    header: int


def _pieces(root: Node, defined: frozenset[tuple[int, int]]) -> Iterator[_Piece]:
    """Yield the pieces in order."""
    pending: list[tuple[Node, int, bool, int]] = [(root, 0, False, 0)]
    while pending:
        node, depth, forced, header = pending.pop()
        size = node.end_byte - node.start_byte
        opens = size > TARGET_BYTES and depth < MAX_DEPTH and node.child_count <= MAX_CHILDREN
        children = node.children if opens else []
        if not children:
            yield _Piece(node.start_byte, node.end_byte, forced, header)
            continue
        opened: list[tuple[Node, int, bool, int]] = []
        for index, child in enumerate(children):
            large = child.end_byte - child.start_byte > TARGET_BYTES
            starts = forced and index == 0
            if large and (child.start_byte, child.end_byte) in defined:
                first = index
                while first > 0 and children[first - 1].type in _COMMENTS:
                    first -= 1
                if first < index:
                    opened[first] = (opened[first][0], depth + 1, True, opened[first][3])
                else:
                    starts = True
            begins = child.start_byte
            opened.append((child, depth + 1, starts, header if begins - header <= HEADER_BYTES else begins))
        pending.extend(reversed(opened))


def _line_start(text: bytes, start: int, floor: int) -> int:
    """Return the start of the line if only blanks stand before ``start`` on it, and it is not before ``floor``.

    Nothing before ``floor`` is looked at: a line may be all of a large file.
    """
    line = text.rfind(b"\n", max(0, floor - 1), start) + 1
    return line if (line > 0 or floor == 0) and not text[line:start].strip() else start


def _cut(text: bytes, start: int, end: int) -> Iterator[int]:
    """Yield further boundaries within a piece that has no syntax to cut at: by lines, a long line by bytes."""
    begin = start
    while end - begin > LONGEST_PIECE:
        limit = begin + TARGET_BYTES
        at = text.rfind(b"\n", begin + 1, limit) + 1
        if at <= begin:
            at = limit
            while text[at] & _TOP_BITS == _CONTINUATION:
                at -= 1
        yield at
        begin = at


def _spans(text: bytes, bounds: Sequence[int]) -> Iterator[Span]:
    line = 1
    for start, end in pairwise([*bounds, len(text)]):
        last = line + text.count(b"\n", start, end - 1)
        yield Span(start_line=line, end_line=last, start_byte=start, end_byte=end)
        line = last + (text[end - 1] == _LINE_BREAK)


def _content_end(text: bytes, span: Span) -> int:
    """Return the end of a piece less the blanks after it, which belong to no node."""
    return span.start_byte + len(text[span.start_byte : span.end_byte].rstrip())


def _scopes(spans: Sequence[tuple[int, int]], found: Sequence[Definition]) -> Iterator[str]:
    """Yield for each chunk the qualified name of the innermost definition that begins before it and holds all of it."""
    holders = sorted((each for each in found if each.kind in HOLDERS), key=lambda each: (each.start, -each.end))
    open_ones: list[Definition] = []
    upcoming = iter(holders)
    following = next(upcoming, None)
    for start, end in spans:
        while following is not None and following.start < start:
            open_ones.append(following)
            following = next(upcoming, None)
        open_ones = [each for each in open_ones if each.end > start]
        yield next((each.qualified_name for each in reversed(open_ones) if each.end >= end), "")


def _chunk(span: Span, found: Sequence[Definition], scope: str) -> Chunk:
    names = found[_first(found, span.start_byte) : _first(found, span.end_byte)]
    return Chunk(
        span=span,
        kind=names[0].kind if names else "code",
        scope=scope,
        symbols=tuple(
            Symbol(
                name=d.name,
                kind=d.kind,
                qualified_name=d.qualified_name,
                line=d.line,
                end_line=max(d.line, d.end_line),
                local=d.local,
                weak=d.weak,
            )
            for d in names
        ),
    )


def _first(found: Sequence[Definition], offset: int) -> int:
    return bisect_left(found, offset, key=lambda each: each.at)
