"""The line chunker takes every file: its chunks tile it, keep whole lines and stay near their size."""

from __future__ import annotations

from itertools import pairwise

from codebase_core_hookspecs import Chunk, SourceFile
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.builtin.line_chunker import LONGEST_LINE, TARGET_BYTES, chunk_lines


def cut(text: str | bytes, *, language: str | None = None) -> list[Chunk]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(chunk_lines(SourceFile(path="a.py", language=language, text=data), {}))


def lines_of(chunks: list[Chunk]) -> list[tuple[int, int]]:
    return [(chunk.span.start_line, chunk.span.end_line) for chunk in chunks]


LINES = st.builds(
    lambda piece, times, end: piece * times + end,
    st.sampled_from(["x", "é", "😀", "def f(a):", "\x0c", "\r", "\u2028", ""]),
    st.integers(0, 900) | st.integers(0, 20),
    st.sampled_from(["\n", "\r\n", "\n\n\n"]),
)
TEXTS = st.builds(lambda lines, last: "".join(lines) + last, st.lists(LINES, max_size=40), st.text("aé😀", max_size=9))


@given(TEXTS)
def test_spans_tile_the_file_and_lines_are_counted_right(text):
    data = text.encode()

    chunks = cut(data)

    end = 0
    for chunk in chunks:
        span = chunk.span
        assert span.start_byte == end < span.end_byte
        assert span.start_line == data.count(b"\n", 0, span.start_byte) + 1
        assert span.end_line == data.count(b"\n", 0, span.end_byte - 1) + 1
        end = span.end_byte
    assert end == len(data)


@given(TEXTS)
def test_sizes_are_bounded_and_no_character_is_cut(text):
    data = text.encode()

    for chunk in cut(data):
        piece = data[chunk.span.start_byte : chunk.span.end_byte]
        assert piece.decode()
        assert len(piece) <= LONGEST_LINE
        assert len(piece) <= TARGET_BYTES or piece.count(b"\n", 0, -1) == 0


@given(TEXTS)
def test_a_chunk_ends_where_the_next_line_does_not_fit(text):
    data = text.encode()
    chunks = cut(data)

    for one, other in pairwise(chunks):
        following = data[other.span.start_byte :].split(b"\n", 1)[0]
        assert one.span.end_byte - one.span.start_byte + len(following) + 1 > TARGET_BYTES


@given(TEXTS)
def test_a_line_is_cut_only_if_it_is_very_long(text):
    data = text.encode()

    for chunk in cut(data)[:-1]:
        start = data.rfind(b"\n", 0, chunk.span.end_byte - 1) + 1
        line = data[start:].split(b"\n", 1)[0] + b"\n"
        assert data[chunk.span.end_byte - 1 : chunk.span.end_byte] == b"\n" or len(line) > LONGEST_LINE


def test_a_small_file_is_one_chunk():
    (chunk,) = cut("a = 1\nb = 2\n")

    assert (chunk.span.start_line, chunk.span.end_line, chunk.span.end_byte) == (1, 2, 12)


def test_a_last_line_without_its_end_is_a_line():
    assert lines_of(cut("a\nb")) == [(1, 2)]


def test_only_a_line_feed_ends_a_line():
    """A form feed or a lone carriage return starts no line in an editor, so it must not in an answer."""
    assert lines_of(cut("a\r\nb\x0cc\rd\u2028e\n")) == [(1, 2)]


def test_lines_that_do_not_fit_together_are_kept_whole():
    line = "x" * 500 + "\n"

    assert lines_of(cut(line * 3)) == [(1, 1), (2, 2), (3, 3)]


def test_lines_that_just_fit_together_are_one_chunk():
    assert lines_of(cut("x" * 374 + "\n" + "x" * 374 + "\n")) == [(1, 2)]
    assert lines_of(cut("x" * 374 + "\n" + "x" * 375 + "\n")) == [(1, 1), (2, 2)]


def test_a_line_of_twice_the_size_is_just_kept_whole():
    assert len(cut("x" * 1_499 + "\n")) == 1
    assert [chunk.span.end_byte for chunk in cut("x" * 1_500 + "\n")] == [750, 1_500, 1_501]


def test_one_huge_line_is_cut_by_bytes():
    chunks = cut("short\n" + "😀" * 1_000_000 + "\nshort\n")

    sizes = [chunk.span.end_byte - chunk.span.start_byte for chunk in chunks]
    assert {*lines_of(chunks[1:-1])} == {(2, 2)}
    assert lines_of([chunks[0], chunks[-1]]) == [(1, 1), (2, 3)]
    assert max(sizes) <= TARGET_BYTES
    assert min(sizes[1:-1]) >= TARGET_BYTES - 3


def test_a_definition_is_found_in_the_chunk_that_holds_its_line():
    chunks = cut("# " + "x" * 700 + "\n\n# more\ndef pooled():\n    pass\n", language="python")

    ((symbol,),) = [chunk.symbols for chunk in chunks if chunk.symbols]
    assert (symbol.name, symbol.line, symbol.weak) == ("pooled", 4, True)


def test_a_part_of_a_definition_knows_its_name():
    body = "".join(f"    puts {number}_{'x' * 40}\n" for number in range(60))
    chunks = cut(f"proc pooled {{a b}} {{\n{body}}}\n\nset other 1\n" + "set more 2\n" * 80, language="tcl")

    inside = [chunk.scope for chunk in chunks if chunk.span.end_line <= 61]
    assert len(inside) > 2
    assert inside == ["", *["pooled"] * (len(inside) - 1)]
    assert chunks[-1].scope == ""
