"""What every chunker must hold."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest
from codebase_core_hookspecs import Chunk, ChunkerPlugin, PluginContext, SourceFile

from codebase_core.sources.languages import LANGUAGES

from .base import Conformance

PLAIN = b"first = 1\n\n\nsecond = 2\n" + b"".join(b"line_%d = %d\n" % (each, each) for each in range(400))
ENDS = {
    "CRLF": PLAIN.replace(b"\n", b"\r\n"),
    "a lone CR": PLAIN.replace(b"\n\n\n", b"\r\n\r"),
    "no newline at the end": PLAIN.rstrip(b"\n"),
    "blank lines at both ends": b"\n\n \n" + PLAIN + b"\n \n\n",
    "one line": b"x = 1",
    "only a newline after blanks": b"x\n   \n",
}
FOREIGN = {
    "several bytes a character": "größe = '数据库 🙂'\n".encode() * 300,
    "a long line of such": "ä🙂".encode() * 2_000,
    "a character that stands for invalid bytes": "name = '\ufffd\ufffd'\n".encode() * 200,
    "a mark of byte order in the middle": "a\ufeffb = 1\n".encode() * 100,
    "control characters and other line ends": "a\x07\x0c\x0b\x85\u2028b\x1b[0m\n".encode() * 200,
}
HOSTILE = {
    "one huge line": b"x=1;" * 100_000,
    "nested deeply": b"(" * 10_000 + b")" * 10_000,
    "opened and never closed": b"{[(<" * 5_000,
    "quotes": b"\"'`" * 5_000,
    "a million newlines": b"\n" * 500_000 + b"x\n",
    "noise": bytes(32 + each * 7919 % 95 for each in range(100_000)),
}
SECONDS = 20
"""As much time as core gives a file (``file_timeout``) before its chunker is given up."""


class ChunkerConformance(Conformance):
    """Chunks that tile the file, with the right lines, and symbols that are where they are said to be."""

    @pytest.fixture
    def samples(self) -> Mapping[str, bytes]:
        """Real files by language: give some in which there is something to find. A ``*`` chunker gets any language."""
        return {}

    @pytest.fixture
    def languages(self, plugin: ChunkerPlugin) -> Sequence[str | None]:
        """The languages to try."""
        return [None, "python", "klingon"] if "*" in plugin.languages else sorted(plugin.languages)

    @pytest.fixture
    def settled(self, context: PluginContext) -> Mapping[str, Any]:
        """The options that the chunker gets."""
        return context.options

    def test_it_says_what_it_is_for(self, plugin: ChunkerPlugin) -> None:
        """Languages, and a version by which files are renewed that an older one has cut."""
        assert plugin.languages
        assert plugin.version.strip()
        assert all(each == each.strip().lower() and each for each in plugin.languages), plugin.languages

    def test_files_of_its_languages_exist(self, plugin: ChunkerPlugin) -> None:
        """Core knows the language of a file by its name: else the chunker must say, in ``extensions``."""
        unheard = plugin.languages - {"*"} - LANGUAGES - set(plugin.extensions.values())
        assert not unheard, f"no file is ever {sorted(unheard)}: declare their extensions"

    def test_it_can_be_found_by_worker_processes(self, plugin: ChunkerPlugin) -> None:
        """``chunk`` is a function of a module, not one made on the way."""
        assert pickle.loads(pickle.dumps(plugin.chunk)) == plugin.chunk  # noqa: S301 - our own

    def test_chunks_tile_the_file(
        self,
        plugin: ChunkerPlugin,
        languages: Sequence[str | None],
        samples: Mapping[str, bytes],
        settled: Mapping[str, Any],
    ) -> None:
        """No gap, no overlap, in order, whatever the line ends."""
        for language, what, text in _each(languages, ENDS, samples):
            _check_tiles(_cut(plugin, language, text, settled), text, f"{language}, {what}")

    def test_no_character_is_cut(
        self, plugin: ChunkerPlugin, languages: Sequence[str | None], settled: Mapping[str, Any]
    ) -> None:
        """The text of a chunk is stored as text."""
        for language, what, text in _each(languages, FOREIGN):
            chunks = _cut(plugin, language, text, settled)
            _check_tiles(chunks, text, f"{language}, {what}")
            for chunk in chunks or ():
                text[chunk.span.start_byte : chunk.span.end_byte].decode()

    def test_lines_are_those_of_an_editor(
        self,
        plugin: ChunkerPlugin,
        languages: Sequence[str | None],
        samples: Mapping[str, bytes],
        settled: Mapping[str, Any],
    ) -> None:
        """1-based, inclusive, ended by a line feed and nothing else."""
        for language, what, text in _each(languages, ENDS | FOREIGN, samples):
            for chunk in _cut(plugin, language, text, settled) or ():
                span = chunk.span
                assert span.start_line == text.count(b"\n", 0, span.start_byte) + 1, f"{language}, {what}: {span}"
                assert span.end_line == text.count(b"\n", 0, span.end_byte - 1) + 1, f"{language}, {what}: {span}"

    def test_symbols_are_where_they_are_said_to_be(
        self, plugin: ChunkerPlugin, samples: Mapping[str, bytes], settled: Mapping[str, Any]
    ) -> None:
        """In the lines of their chunk, by a name that stands there."""
        for language, text in {"python": PLAIN, **samples}.items():
            lines = text.split(b"\n")
            for chunk in _cut(plugin, language, text, settled) or ():
                for symbol in chunk.symbols:
                    said = f"{language}: {symbol}"
                    assert symbol.name, said
                    assert symbol.kind, said
                    assert symbol.qualified_name.endswith(symbol.name), said
                    assert chunk.span.start_line <= symbol.line <= chunk.span.end_line, said
                    assert symbol.end_line is None or symbol.end_line >= symbol.line, said
                    assert symbol.name.encode() in lines[symbol.line - 1], said

    def test_the_same_file_is_cut_the_same_way(
        self, plugin: ChunkerPlugin, languages: Sequence[str | None], settled: Mapping[str, Any]
    ) -> None:
        """A pure function: what came before does not matter."""
        for language in languages:
            first = _cut(plugin, language, PLAIN, settled)
            _cut(plugin, language, ENDS["CRLF"], settled)
            assert _cut(plugin, language, PLAIN, settled) == first

    def test_it_works_without_a_setting(self, plugin: ChunkerPlugin, languages: Sequence[str | None]) -> None:
        """Every option has a default, also where none is given."""
        for language in languages:
            _check_tiles(_cut(plugin, language, PLAIN, {}), PLAIN, f"{language}")

    def test_a_language_it_does_not_know_is_declined_or_cut(
        self, plugin: ChunkerPlugin, settled: Mapping[str, Any]
    ) -> None:
        """None, or chunks that tile."""
        for language in (None, "klingon"):
            _check_tiles(_cut(plugin, language, PLAIN, settled), PLAIN, f"{language}")

    def test_an_empty_file_costs_nothing(
        self, plugin: ChunkerPlugin, languages: Sequence[str | None], settled: Mapping[str, Any]
    ) -> None:
        """No chunk, or declined."""
        for language in languages:
            assert not _cut(plugin, language, b"", settled)

    def test_hostile_files_are_cut_declined_or_given_up(
        self, plugin: ChunkerPlugin, languages: Sequence[str | None], settled: Mapping[str, Any]
    ) -> None:
        """A ValueError gives a file up with a reason. A crash, or more time than core allows, would cost a worker."""
        from time import perf_counter  # noqa: PLC0415

        for language, what, text in _each(languages[:3], HOSTILE):
            began = perf_counter()
            try:
                chunks = _cut(plugin, language, text, settled)
            except ValueError as exc:
                assert str(exc), f"{language}, {what}: gives up without a reason"  # noqa: PT017
                chunks = None
            _check_tiles(chunks, text, f"{language}, {what}")
            assert perf_counter() - began < SECONDS, f"{language}, {what}: core gives a file {SECONDS} s"


def _each(
    languages: Sequence[str | None], texts: Mapping[str, bytes], samples: Mapping[str, bytes] = MappingProxyType({})
) -> Iterator[tuple[str | None, str, bytes]]:
    """Yield language, description and text: every text in every language, then the samples by language."""
    yield from ((language, what, text) for language in languages for what, text in texts.items())
    yield from ((language, language, text) for language, text in samples.items())


def _cut(
    plugin: ChunkerPlugin, language: str | None, text: bytes, options: Mapping[str, Any]
) -> tuple[Chunk, ...] | None:
    chunks = plugin.chunk(SourceFile(path="folder/file", language=language, text=text), options)
    return None if chunks is None else tuple(chunks)


def _check_tiles(chunks: Sequence[Chunk] | None, text: bytes, what: str) -> None:
    if chunks is None:
        return
    assert chunks, f"{what}: no chunks; None declines a file"
    assert chunks[0].span.start_byte == 0, f"{what}: begins at byte {chunks[0].span.start_byte}"
    for one, other in pairwise(chunks):
        assert one.span.end_byte == other.span.start_byte, f"{what}: {one.span} and {other.span} do not meet"
    for chunk in chunks:
        assert chunk.span.start_byte < chunk.span.end_byte, f"{what}: {chunk.span} holds nothing"
    assert chunks[-1].span.end_byte == len(text), f"{what}: ends at byte {chunks[-1].span.end_byte} of {len(text)}"
