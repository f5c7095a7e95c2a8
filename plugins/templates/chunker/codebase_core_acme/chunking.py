"""Cut a file before each of its sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from codebase_core_hookspecs import Chunk, SourceFile, Span, Symbol

SECTION = re.compile(rb"^section +(\w+)", re.MULTILINE)


def chunk(source: SourceFile, options: Mapping[str, Any]) -> Sequence[Chunk] | None:
    """Return chunks that tile the file; None declines a file, and the next chunker is asked."""
    del options  # none are declared
    if not source.text:
        return None
    starts = {match.start() for match in SECTION.finditer(source.text)}
    bounds = [0, *sorted(starts - {0}), len(source.text)]
    return [_chunk(source.text, start, end) for start, end in pairwise(bounds)]


def _chunk(text: bytes, start: int, end: int) -> Chunk:
    first, last = text.count(b"\n", 0, start) + 1, text.count(b"\n", 0, end - 1) + 1
    match = SECTION.match(text, start, end)
    symbols: tuple[Symbol, ...] = ()
    if match is not None:
        name = match[1].decode()
        symbols = (Symbol(name=name, kind="section", qualified_name=name, line=first, end_line=last),)
    return Chunk(
        span=Span(start_line=first, end_line=last, start_byte=start, end_byte=end),
        kind="section" if symbols else "preamble",
        symbols=symbols,
    )
