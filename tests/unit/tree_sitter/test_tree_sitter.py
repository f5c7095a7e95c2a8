"""Chunks and symbols along the syntax tree: right on good source, harmless on any other."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from codebase_core_hookspecs import Chunk, SourceFile
from codebase_core_tree_sitter.chunking import LONGEST_PIECE
from codebase_core_tree_sitter.languages import LANGUAGES
from codebase_core_tree_sitter.plugin import chunk
from hypothesis import given, settings
from hypothesis import strategies as st

from codebase_core.indexing.workers.read_file import tiles

from .corpus import SOURCES, found

SPEC = {path.stem: path.read_bytes() for path in SOURCES}

GIVEN_UP = "levels deep|errors in one place|not parsed within"
"""What is said of a text that is too much for its grammar; which of them depends on the machine."""


def cut(text: bytes, language: str) -> list[Chunk]:
    chunks = chunk(SourceFile(path="x", language=language, text=text), {})
    assert chunks is not None
    assert tiles(chunks, text)
    for each in chunks:
        before = text[: each.span.start_byte]
        inside = text[each.span.start_byte : each.span.end_byte]
        assert inside.decode()
        assert each.span.start_line == before.count(b"\n") + 1
        assert each.span.end_line == each.span.start_line + inside.removesuffix(b"\n").count(b"\n")
        assert len(inside) <= LONGEST_PIECE
    return list(chunks)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_definitions_of_the_corpus(source: Path) -> None:
    assert found(source) == source.with_suffix(".symbols").read_text(encoding="utf-8")
    cut(source.read_bytes(), source.stem)


def test_every_language_has_a_corpus() -> None:
    assert set(SPEC) == set(LANGUAGES)


def test_a_header_stays_with_its_body_and_its_comment() -> None:
    filler = "".join(f"def helper_{i}(value):\n    return value + {i}\n\n\n" for i in range(12))
    body = "".join(f"    def method_{i}(self):\n        return {i}\n\n" for i in range(40))
    text = f"{filler}# Holds connections.\nclass Pool:\n{body}".encode()
    (header,) = [each for each in cut(text, "python") if any(s.name == "Pool" for s in each.symbols)]
    piece = text[header.span.start_byte : header.span.end_byte].decode()
    assert piece.startswith("# Holds connections.\nclass Pool:\n    def method_0")


def test_a_statement_stays_with_its_block() -> None:
    block = "".join(f"        call_number({i});\n" for i in range(30))
    text = "void work(int n)\n{\n" + "".join(f"    if (n > {i})\n    {{\n{block}    }}\n" for i in range(8)) + "}\n"
    pieces = [text[each.span.start_byte : each.span.end_byte] for each in cut(text.encode(), "c")]
    assert len(pieces) > 3
    assert {piece.partition("(")[0] for piece in pieces} == {"void work", "    if "}


def test_later_pieces_know_what_encloses_them() -> None:
    body = "".join(f"    def method_{i}(self):\n        return {i}\n\n" for i in range(60))
    chunks = cut(f"class Pool:\n{body}".encode(), "python")
    assert len(chunks) > 1
    assert {each.scope for each in chunks[1:]} == {"Pool"}
    assert chunks[-1].symbols[-1].qualified_name == "Pool.method_59"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_cut_and_tiled(language: str) -> None:
    for text in (
        b"(" * 20_000,
        b"{[" * 2_500 + b"]}" * 2_500,
        b"a" * 100_000,
        b"if x:\n" * 3_000,
        "é🙂\u2028".encode() * 4_000,
        b"\r\n" * 5_000 + b"x",
        b"x",
        b'"' * 9_999,
        SPEC[language] * 40,
    ):
        try:
            cut(text, language)
        except ValueError as exc:
            assert re.search(GIVEN_UP, str(exc))  # noqa: PT017 - or it is cut, both are right


@pytest.mark.parametrize("language", LANGUAGES)
def test_truncated_at_every_byte(language: str) -> None:
    text = SPEC[language]
    for end in range(1, len(text), 7):
        cut(text[:end], language)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_shuffled_source_is_tiled(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(sorted(LANGUAGES)))
    lines = SPEC[language].splitlines(keepends=True)
    chance = random.Random(data.draw(st.integers(0, 10_000)))
    text = b"".join(chance.choices(lines, k=chance.randrange(1, 300)))
    cut(text, language)


def test_one_endless_line_takes_time_by_its_length_alone() -> None:
    """Each piece looked back for the start of its line: a megabyte took minutes."""
    chunks = cut(b"x = [" + b"1," * 500_000 + b"]", "python")
    assert len(chunks) >= 1_000_000 // LONGEST_PIECE


@pytest.mark.parametrize(
    ("language", "text"),
    [("c", b"{" * 300_000), ("python", b"(" * 300_000)],
)
def test_what_a_query_would_take_minutes_for_is_given_up(language: str, text: bytes) -> None:
    with pytest.raises(ValueError, match=GIVEN_UP):
        chunk(SourceFile(path="x", language=language, text=text), {})


def test_an_unknown_language_is_declined_by_core() -> None:
    assert "cobol" not in LANGUAGES
