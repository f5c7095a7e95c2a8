"""Source in lines that nobody writes."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import Chunk, Span, Symbol

from codebase_core.sources.minified import PIECE_BYTES, is_minified, joined

WRITTEN = b"function add(a, b) {\n  return a + b;\n}\n" * 500
JOINED = b"function add(a,b){return a+b}" * 500


@pytest.mark.parametrize(
    ("text", "language", "minified"),
    [
        (JOINED, "javascript", True),
        (b"/* licence */\n" + JOINED + b"\n//# sourceMappingURL=x\n", "javascript", True),
        (JOINED.replace(b"}", b"}\n"), "javascript", False),
        (b".a{color:red}" * 1_000, "css", True),
        (WRITTEN, "javascript", False),
        (WRITTEN + JOINED, "javascript", False),
        (JOINED[:3_000], "javascript", False),
        (JOINED, "json", False),
        (JOINED, "markdown", False),
        (JOINED, None, False),
    ],
)
def test_what_a_tool_has_joined_is_minified(text, language, minified):
    assert is_minified(text, language) is minified


def test_joined_chunks_tile_the_file_and_keep_all_that_is_defined():
    chunks = [
        Chunk(
            span=Span(start_line=1, end_line=1, start_byte=1_000 * n, end_byte=1_000 * (n + 1)),
            symbols=(Symbol(name=f"f{n}", kind="function", qualified_name=f"f{n}", line=1),),
        )
        for n in range(100)
    ]

    pieces = joined(chunks)

    assert [piece.span.start_byte for piece in pieces[1:]] == [piece.span.end_byte for piece in pieces[:-1]]
    assert (pieces[0].span.start_byte, pieces[-1].span.end_byte) == (0, 100_000)
    assert all(piece.span.end_byte - piece.span.start_byte <= PIECE_BYTES + 1_000 for piece in pieces)
    assert [symbol for piece in pieces for symbol in piece.symbols] == [s for chunk in chunks for s in chunk.symbols]
