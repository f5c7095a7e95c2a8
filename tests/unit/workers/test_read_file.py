"""Reading one file: what is wrong with it becomes a reason, and a faulty chunker costs a file no more than its better cut."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

import pytest
from codebase_core_hookspecs import Chunk, ChunkerPlugin, SourceFile, Span

from codebase_core.builtin.line_chunker import chunk_lines
from codebase_core.indexing.workers.messages import FileResult, Setup, Task
from codebase_core.indexing.workers.read_file import cut, read_file
from codebase_core.lexical.bm25 import FIELD_LENGTHS


def plugin(name: str, chunk, *languages: str) -> ChunkerPlugin:
    return ChunkerPlugin(name=name, summary="", chunk=chunk, languages=frozenset(languages or {"python"}), version="1")


LINES = plugin("lines", chunk_lines, "*")


def read(file, *chunkers: ChunkerPlugin, path: str | None = None, known: bytes | None = None, **setup) -> FileResult:
    given = Setup(FIELD_LENGTHS, "words", 1_000, {})._replace(**setup)
    return read_file(Task(path or file.name, str(file), known), given, [*chunkers, LINES])


def span(start: int, end: int) -> Chunk:
    return Chunk(span=Span(start_line=1, end_line=1, start_byte=start, end_byte=end), kind="own")


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"def pooled():\n    return 1\n")
    return file


def test_a_file_is_read_with_its_state(file):
    os.utime(file, ns=(1, 1_700_000_000_000_000_009))

    found = read(file)

    assert (found.size, found.mtime_ns, found.language) == (27, 1_700_000_000_000_000_009, "python")
    assert found.content_hash == blake2b(file.read_bytes(), digest_size=16).digest()
    assert (found.skip, found.fallback) == (None, None)
    (chunk,) = found.chunks
    assert (chunk.span, chunk.text) == ((1, 2, 0, 27), "def pooled():\n    return 1\n")
    assert [symbol[0] for symbol in chunk.symbols] == ["pooled"]
    assert len(chunk.terms) == len(chunk.impacts) == len(set(chunk.terms))


def test_a_file_whose_content_is_known_is_not_cut_again(file):
    found = read(file, known=blake2b(file.read_bytes(), digest_size=16).digest())

    assert (found.chunks, found.skip) == ((), None)
    assert found.size == 27


def test_a_file_that_is_gone_says_so(tmp_path):
    assert read(tmp_path / "gone.py").skip == "unreadable: No such file or directory"


def test_a_file_that_may_not_be_read_says_so(file, without_rights):
    file.chmod(0)

    with without_rights():
        assert read(file).skip == "unreadable: Permission denied"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"a\0b", "binary"),
        (b"x" * 1_001, "too large"),
        (b"-----BEGIN PRIVATE KEY-----\n" + b"A" * 64, "likely a secret"),
    ],
)
def test_a_file_that_is_not_indexed_keeps_its_reason_and_its_state(file, data, reason):
    file.write_bytes(data)

    found = read(file)

    assert (found.skip, found.chunks, found.size) == (reason, (), len(data))
    assert found.content_hash


def test_a_file_of_exactly_the_cap_is_read(file):
    file.write_bytes(b"x" * 1_000)

    assert read(file).skip is None


def test_a_cap_beyond_all_memory_is_a_cap(file):
    """The room for it was claimed before every read."""
    assert read(file, max_file_bytes=1 << 60).skip is None


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="a file of Linux")
def test_a_file_that_does_not_know_its_size_is_read_whole():
    found = read_file(Task("version", "/proc/version", None), Setup(FIELD_LENGTHS, "none", 1_000, {}), [LINES])

    assert found.size == 0
    assert found.chunks[0].text == Path("/proc/version").read_text()


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="a file of Linux")
@pytest.mark.parametrize(("room", "reason"), [(0, None), (-1, "too large")])
def test_a_file_that_does_not_know_its_size_is_held_to_the_cap(room, reason):
    size = len(Path("/proc/version").read_bytes())
    setup = Setup(FIELD_LENGTHS, "none", size + room, {})

    assert read_file(Task("version", "/proc/version", None), setup, [LINES]).skip == reason


def test_a_file_that_is_to_be_cut_by_lines_is(file):
    task = Task("a.py", str(file), None, by_lines=True)
    own = plugin("own", lambda *_: [span(0, 27)])

    found = read_file(task, Setup(FIELD_LENGTHS, "none", 1_000, {}), [own, LINES])

    assert [chunk.kind for chunk in found.chunks] == ["lines"]


def test_the_first_line_names_the_language_of_a_script(tmp_path):
    script = tmp_path / "run"
    script.write_text("#!/usr/bin/env python3\nclass Pool:\n    pass\n")

    assert read(script).language == "python"


def test_a_specific_chunker_is_asked_before_the_lines(file):
    found = read(file, plugin("own", lambda source, _: [span(0, 10), span(10, len(source.text))]))

    assert [chunk.kind for chunk in found.chunks] == ["own", "own"]
    assert [chunk.text for chunk in found.chunks] == ["def pooled", "():\n    return 1\n"]


def test_a_chunker_is_not_asked_for_a_language_it_does_not_know(file):
    assert [c.kind for c in read(file, plugin("ruby", lambda *_: [span(0, 27)], "ruby")).chunks] == ["lines"]


def test_a_chunker_may_decline(file):
    found = read(file, plugin("shy", lambda *_: None))

    assert (found.chunks[0].kind, found.fallback) == ("lines", None)


def test_a_chunker_gets_its_own_options(file):
    seen = []

    read(
        file,
        plugin("own", lambda _, options: seen.append(options)),
        chunker_options={"own": {"size": 5}, "other": {"size": 6}},
    )

    assert seen == [{"size": 5}]


def test_a_chunker_is_asked_for_the_files_that_it_names(tmp_path):
    (tmp_path / "payroll.rpgle").write_text("IDENTIFICATION DIVISION.\n")

    found = read(
        tmp_path / "payroll.rpgle", plugin("own", lambda *_: [span(0, 25)], "rpg"), extensions={"rpgle": "rpg"}
    )

    assert (found.language, found.chunks[0].kind) == ("rpg", "own")


def raises(*_):
    raise RecursionError("too deep")


def exits(*_):
    raise SystemExit(1)


@pytest.mark.parametrize(
    ("chunk", "reason"),
    [
        (raises, "own: RecursionError: too deep"),
        (exits, "own: SystemExit: 1"),
        (lambda *_: [], "own: its chunks do not tile the file"),
        (lambda *_: [span(0, 26)], "own: its chunks do not tile the file"),
        (lambda *_: [span(0, 28)], "own: its chunks do not tile the file"),
        (lambda *_: [span(0, 5), span(6, 27)], "own: its chunks do not tile the file"),
        (lambda *_: [span(0, 6), span(5, 27)], "own: its chunks do not tile the file"),
        (lambda *_: [span(0, 0), span(0, 27)], "own: its chunks do not tile the file"),
        (lambda *_: [span(5, 27), span(0, 5)], "own: its chunks do not tile the file"),
        (lambda *_: ["def pooled()"], "own: AttributeError"),
        (lambda *_: 7, "own: TypeError"),
    ],
)
def test_a_faulty_chunker_costs_its_file_a_cut_by_lines(file, chunk, reason):
    found = read(file, plugin("own", chunk))

    assert [c.kind for c in found.chunks] == ["lines"]
    assert found.fallback.startswith(reason)


def test_the_next_chunker_is_asked_after_a_faulty_one(file):
    found = read(file, plugin("bad", raises), plugin("good", lambda *_: [span(0, 27)]))

    assert [c.kind for c in found.chunks] == ["own"]
    assert found.fallback.startswith("bad: ")


def test_a_chunker_that_yields_is_as_good_as_one_that_returns(file):
    """Its chunks were counted once and then gone: the file had none, and was taken for unchanged."""

    def chunk(source, _):
        yield span(0, 14)
        yield span(14, len(source.text))

    assert [c.text for c in read(file, plugin("own", chunk)).chunks] == ["def pooled():\n", "    return 1\n"]


def test_a_chunker_that_cuts_a_character_is_faulty(file):
    file.write_text("é" * 10)

    found = read(file, plugin("own", lambda *_: [span(0, 5), span(5, 20)]))

    assert found.fallback == "own: its chunks do not tile the file"


def test_without_the_line_chunker_a_file_that_nobody_takes_is_a_fault():
    with pytest.raises(AssertionError):
        cut(SourceFile(path="a", language=None, text=b"x"), [], {})


@pytest.mark.parametrize(
    ("embedded", "text"),
    [("words", f"a {'pooled ' * 4}def pooled return"), ("source", "pooled\ndef pooled():"), ("none", "")],
)
def test_the_embedded_text_is_of_the_form_that_was_asked_for(file, embedded, text):
    assert read(file, embedded=embedded).chunks[0].embedded.startswith(text)
