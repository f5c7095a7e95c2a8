"""Cut a file of any language into runs of whole lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codebase_core_hookspecs import Chunk, SourceFile, Span

from .definitions import definitions

VERSION = "3"

TARGET_BYTES = 750
"""Measured best of 500 to 1,500 bytes on the retrieval benchmark (docs/ranking.md)."""

LONGEST_LINE = 2 * TARGET_BYTES
"""A longer line is minified or data and is cut by bytes."""


_CLOSING = (b"}", b")", b"]")
"""What closes a definition is indented as its first line is."""

_TOP_BITS, _CONTINUATION = 0b1100_0000, 0b1000_0000
"""How UTF-8 marks a byte that does not begin a character."""


def chunk_lines(source: SourceFile, options: Mapping[str, Any]) -> Sequence[Chunk]:  # noqa: ARG001 - the contract's
    """Return chunks of about 750 bytes that tile the file; definitions are found by keyword and marked weak.

    A chunk is taken for a part of the definition before it that its first line is indented under.
    """
    chunks = []
    enclosing: list[tuple[int, str]] = []  # indentation and name of what the lines so far have begun
    for span in _spans(source.text):
        text = source.text[span.start_byte : span.end_byte]
        symbols = definitions(text, span.start_line, source.language)
        names = {symbol.line - span.start_line: symbol.qualified_name for symbol in symbols}
        scope = ""
        first = True
        for number, line in enumerate(text.split(b"\n") if enclosing or names else ()):
            bare = line.lstrip()
            if not bare or bare.startswith(_CLOSING):
                continue
            indentation = len(line) - len(bare)
            while enclosing and enclosing[-1][0] >= indentation:
                enclosing.pop()
            if first and enclosing:
                scope = enclosing[-1][1]
            first = False
            if number in names:
                enclosing.append((indentation, names[number]))
        chunks.append(Chunk(span=span, scope=scope, symbols=symbols))
    return chunks


def _spans(text: bytes) -> Iterator[Span]:
    start, start_line, end, line = 0, 1, 0, 1
    for each in _lines(text):
        size = len(each)
        if end > start and end - start + size > TARGET_BYTES:
            yield Span(start_line=start_line, end_line=line - 1, start_byte=start, end_byte=end)
            start, start_line = end, line
        if size > LONGEST_LINE:
            *full, last = _pieces(each)
            for piece in full:
                yield Span(start_line=line, end_line=line, start_byte=start, end_byte=start + piece)
                start += piece
            end, start_line = start + last, line
        else:
            end += size
        line += 1
    if end > start:
        yield Span(start_line=start_line, end_line=line - 1, start_byte=start, end_byte=end)


def _lines(text: bytes) -> Iterator[bytes]:
    r"""Split at ``\n`` only: a lone carriage return or a form feed does not start a line in an editor."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _pieces(line: bytes) -> Iterator[int]:
    """Return the sizes of the pieces of a long line; no character of UTF-8 is cut."""
    start = 0
    while start < len(line):
        end = min(start + TARGET_BYTES, len(line))
        while end < len(line) and line[end] & _TOP_BITS == _CONTINUATION:
            end -= 1
        yield end - start
        start = end
