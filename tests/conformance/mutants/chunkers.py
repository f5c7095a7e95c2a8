"""Wrong chunkers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from codebase_core_hookspecs import Chunk, ChunkerPlugin, Span

from codebase_core.builtin.line_chunker import chunk_lines
from codebase_core.testing import ChunkerConformance
from codebase_core.testing.fakes import LINE_CHUNKER

from . import caught_by


class Suite(ChunkerConformance):
    """The kit over the line chunker."""

    @pytest.fixture
    def wrong(self):
        return chunk_lines

    @pytest.fixture
    def samples(self):
        return {"python": b"import os\n\n\nclass Pool:\n    def acquire(self):\n        return 1\n" * 30}

    @pytest.fixture
    def plugin(self, wrong):
        """A mutant is a function that cuts, or a descriptor."""
        return wrong if isinstance(wrong, ChunkerPlugin) else replace(LINE_CHUNKER, chunk=wrong)


caught = partial(caught_by, Suite)

caught("test_it_says_what_it_is_for")(replace(LINE_CHUNKER, version=""))
caught("test_it_says_what_it_is_for")(replace(LINE_CHUNKER, languages=frozenset()))
caught("test_files_of_its_languages_exist")(replace(LINE_CHUNKER, languages=frozenset({"klingon"})))
caught("test_it_can_be_found_by_worker_processes")(replace(LINE_CHUNKER, chunk=lambda source, options: None))


@caught("test_chunks_tile_the_file")
def drops_the_last(source, options):
    return chunk_lines(source, options)[:-1] or None


@caught("test_chunks_tile_the_file")
def leaves_blank_lines_out(source, options):
    start = len(source.text) - len(source.text.lstrip(b"\n"))
    kept = replace(source, text=source.text[start:])
    return [_moved(chunk, by=start) for chunk in chunk_lines(kept, options)]


@caught("test_chunks_tile_the_file")
def adds_a_newline(source, options):
    return chunk_lines(
        replace(source, text=source.text if source.text.endswith(b"\n") else source.text + b"\n"), options
    )


@caught("test_no_character_is_cut")
def cuts_every_700_bytes(source, options):
    starts = range(0, len(source.text), 700)
    return [_span(source.text, start, min(start + 700, len(source.text))) for start in starts]


@caught("test_lines_are_those_of_an_editor")
def counts_from_zero(source, options):
    return [_lines(chunk, by=-1) for chunk in chunk_lines(source, options)]


@caught("test_lines_are_those_of_an_editor")
def takes_other_line_ends_for_lines(source, options):
    first = len(source.text.decode().splitlines()) - len(source.text.decode().split("\n"))
    return [_lines(chunk, by=max(first, 0)) for chunk in chunk_lines(source, options)]


@caught("test_symbols_are_where_they_are_said_to_be")
def names_the_line_before(source, options):
    return [
        replace(chunk, symbols=tuple(replace(symbol, line=symbol.line - 1) for symbol in chunk.symbols))
        for chunk in chunk_lines(source, options)
    ]


@caught("test_symbols_are_where_they_are_said_to_be")
def renames(source, options):
    return [
        replace(
            chunk, symbols=tuple(replace(s, name=s.name.upper(), qualified_name=s.name.upper()) for s in chunk.symbols)
        )
        for chunk in chunk_lines(source, options)
    ]


_seen = []


@caught("test_the_same_file_is_cut_the_same_way")
def remembers(source, options):
    _seen.append(source)
    return [replace(chunk, kind=f"lines {len(_seen)}") for chunk in chunk_lines(source, options)]


@caught("test_it_works_without_a_setting")
def needs_a_setting(source, options):
    options["size"]
    return chunk_lines(source, options)


@caught("test_a_language_it_does_not_know_is_declined_or_cut")
def knows_python_only(source, options):
    return {None: [], "klingon": []}.get(source.language, chunk_lines(source, options))


@caught("test_an_empty_file_costs_nothing")
def makes_something_of_nothing(source, options):
    return chunk_lines(source, options) or [_span(source.text, 0, 0)]


@caught("test_hostile_files_are_cut_declined_or_given_up")
def recurses(source, options):
    depth = source.text.count(b"(")
    if depth > 1_000:
        raise RecursionError("too deep")
    return chunk_lines(source, options)


@caught("test_hostile_files_are_cut_declined_or_given_up")
def gives_up_in_silence(source, options):
    if len(source.text) > 50_000:
        raise ValueError
    return chunk_lines(source, options)


def _span(text, start, end):
    lines = text.count(b"\n", 0, start) + 1, text.count(b"\n", 0, max(end - 1, 0)) + 1
    return Chunk(span=Span(start_line=lines[0], end_line=lines[1], start_byte=start, end_byte=end))


def _moved(chunk, *, by):
    span = chunk.span
    moved = span._replace(start_byte=span.start_byte + by, end_byte=span.end_byte + by)
    return replace(chunk, span=moved)


def _lines(chunk, *, by):
    span = chunk.span
    return replace(chunk, span=span._replace(start_line=span.start_line + by, end_line=span.end_line + by))
