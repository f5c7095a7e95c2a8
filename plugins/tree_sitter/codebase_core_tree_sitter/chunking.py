"""Cut a file along its syntax tree: definitions whole where they fit, each with the comment above it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Chunk, SourceFile, Span, Symbol

from .cuts import MAX_CHILDREN, MAX_DEPTH, WHOLE_BYTES, cuts_of
from .definitions import Definition, definitions
from .embedded import HOSTS, embedded
from .grammars import grammar
from .packing import packed
from .recovery import recovered

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST_PIECE = 2_500
"""A piece that cannot be cut along the tree or between lines may be this long before it is cut by bytes."""

DEEP_BYTES = 20_000
"""As much may lie deeper still."""

MAX_ERRORS = 20_000
"""100,000 opening braces in C take a query 7 s, 20,000 take it 0.3 s."""

_TOP_BITS, _CONTINUATION = 0b1100_0000, 0b1000_0000
"""How UTF-8 marks a byte that does not begin a character."""

_CLOSING = b" \t\r\n)]};,"
_BLANK = (b" ", b"\t", b"\n")
_LINE_BREAK = ord("\n")


def chunk_source(source: SourceFile) -> Sequence[Chunk] | None:
    """Return chunks that tile the file; None without a grammar.

    Each has the symbols whose names lie in it and, as its scope, the innermost definition that it is a part of. Raises
    ValueError for a tree that cannot be queried in time.
    """
    loaded = grammar(source.language or "")
    if loaded is None:
        return None
    if not source.text:
        return []
    root = loaded.parse(source.text)
    if why := _hostile(root):
        raise ValueError(why)
    found = definitions(root, loaded.definitions)
    if source.language in HOSTS:
        own = {each.at: each for each in [*found, *embedded(source.text, source.language)]}
        found = sorted(own.values(), key=lambda each: each.at)
    elif root.has_error:
        found = recovered(loaded, source.text, root, found)
    cuts = cuts_of(root, source.text, {(each.start, each.end): each.kind for each in reversed(found)})
    bounds = [*packed(cuts.places, len(source.text)), len(source.text)]
    spans = list(_spans(source.text, [at for a, b in pairwise(bounds) for at in (a, *_cut(source.text, a, b))]))
    scopes = _scopes([(span.start_byte, _content_end(source.text, span)) for span in spans], found, cuts.leads)
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


def _cut(text: bytes, start: int, end: int) -> Iterator[int]:
    """Yield further boundaries within a piece that has neither syntax nor lines to cut at."""
    begin = start
    while end - begin > LONGEST_PIECE:
        begin += WHOLE_BYTES
        while text[begin] & _TOP_BITS == _CONTINUATION:
            begin -= 1
        yield begin


def _spans(text: bytes, bounds: Sequence[int]) -> Iterator[Span]:
    line = 1
    for start, end in pairwise([*bounds, len(text)]):
        last = line + text.count(b"\n", start, end - 1)
        yield Span(start_line=line, end_line=last, start_byte=start, end_byte=end)
        line = last + (text[end - 1] == _LINE_BREAK)


def _content_end(text: bytes, span: Span) -> int:
    """Return the end of a piece less the blanks after it and what closes a definition around the one that it is part of."""
    content = text[span.start_byte : span.end_byte].rstrip(_CLOSING)
    while content.endswith(b"end") and content[:-3].endswith(_BLANK):
        content = content[:-3].rstrip(_CLOSING)
    return span.start_byte + len(content)


def _scopes(spans: Sequence[tuple[int, int]], found: Sequence[Definition], leads: Mapping[int, int]) -> Iterator[str]:
    """Yield for each chunk the qualified name of the innermost definition that begins before it and holds all of it.

    A definition begins with the comments above it, so that a chunk of nothing but those knows what they are about.
    """
    begun = sorted(((leads.get(each.start, each.start), -each.end, each) for each in found), key=itemgetter(0, 1))
    holding: list[Definition] = []
    upcoming = 0
    for start, end in spans:
        while upcoming < len(begun) and begun[upcoming][0] < start:
            holding.append(begun[upcoming][2])
            upcoming += 1
        holding = [each for each in holding if each.end > start]
        yield next((each.qualified_name for each in reversed(holding) if each.end >= end), "")


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
