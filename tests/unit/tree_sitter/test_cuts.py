"""Where a file is cut: definitions stay whole where they fit, and every part of one that does not knows its name."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from codebase_core_hookspecs import SourceFile
from codebase_core_tree_sitter.packing import LONGEST_BYTES
from codebase_core_tree_sitter.plugin import chunk

from codebase_core.indexing.workers.read_file import tiles


class Piece(NamedTuple):
    text: str
    scope: str
    names: list[str]


def cut(source: str, language: str) -> list[Piece]:
    data = source.encode()
    chunks = chunk(SourceFile(path="x", language=language, text=data), {})
    assert chunks is not None
    assert tiles(chunks, data)
    return [
        Piece(
            data[each.span.start_byte : each.span.end_byte].decode(),
            each.scope,
            [symbol.qualified_name for symbol in each.symbols],
        )
        for each in chunks
    ]


def defining(pieces: list[Piece], name: str) -> Piece:
    return next(piece for piece in pieces if name in piece.names)


STATEMENTS = "".join(f"    total_{i} = compute_number_{i}(first_argument, second_argument)\n" for i in range(60))
DOCUMENTED = '''    """Return the response.

    It is made of what a view returned, whatever that was, and passed through
    every hook that was registered before.
    """
'''


def test_a_signature_stays_with_its_documentation_and_what_follows() -> None:
    """``def make_response(…):`` and three quotes were a chunk, the documentation and the body another."""
    before = "".join(f"def helper_{i}():\n    return {i}\n\n\n" for i in range(26))

    pieces = cut(f"{before}def make_response(*args):\n{DOCUMENTED}{STATEMENTS}", "python")

    first = defining(pieces, "make_response").text
    assert first.startswith("def make_response(*args):\n")
    assert DOCUMENTED + "    total_0" in first


def test_a_class_header_is_never_alone() -> None:
    """``class X(Base):`` stood alone before a long method."""
    method = f"    def run(self):\n{STATEMENTS.replace('    total', '        total')}\n"

    pieces = cut(f"import base\n\n\nclass Job(base.Job):\n{method}{method.replace('run', 'stop')}", "python")

    assert "class Job(base.Job):\n    def run(self):\n        total_0" in defining(pieces, "Job").text


@pytest.mark.parametrize("language", ["c", "cpp", "csharp", "php", "java"])
def test_a_function_is_not_cut_before_its_brace(language: str) -> None:
    body = "".join(f"    call_number_{i}(first_argument, second_argument);\n" for i in range(60))
    function = f"int work(int n)\n{{\n{body}    return n;\n}}\n"
    if language in ("csharp", "java"):
        function = f"class Worker\n{{\n{function}}}\n"
    function = f"<?php\n{function.replace('int work(int n)', 'function work($n)')}" if language == "php" else function

    pieces = cut(function, language)

    assert len(pieces) > 1
    assert ")\n{\n    call_number_0(" in pieces[0].text
    assert {piece.scope.rpartition(".")[2] for piece in pieces[1:]} == {"work"}


COMMENTED = {
    "python": ("# Say {0} aloud.\n@cached\ndef speak_{0}():\n{1}\n\n", "    print('{}')\n"),
    "c": ("/* Say {0} aloud. */\nvoid speak_{0}(void) {{\n{1}}}\n\n", '    say("{}");\n'),
    "rust": ("/// Say {0} aloud.\n#[inline]\nfn speak_{0}() {{\n{1}}}\n\n", '    say("{}");\n'),
    "go": ("// speak_{0} says {0} aloud.\nfunc speak_{0}() {{\n{1}}}\n\n", '    say("{}")\n'),
    "elixir": ('@doc "Say {0} aloud."\n@spec speak_{0}() :: nil\ndef speak_{0}() do\n{1}end\n\n', '  say("{}")\n'),
    "ruby": ("# Say {0} aloud.\ndef speak_{0}\n{1}end\n\n", '  say "{}"\n'),
}


@pytest.mark.parametrize("language", COMMENTED)
@pytest.mark.parametrize("length", [2, 13, 40, 70])
def test_comments_and_attributes_go_with_what_they_are_about(language: str, length: int) -> None:
    """A passage ended with the comment of the next function, and was headed by it."""
    pattern, statement = COMMENTED[language]
    functions = [pattern.format(name, statement.format("something to say") * length) for name in "abcdefghij"]

    pieces = cut("".join(functions), language)

    for name, function in zip("abcdefghij", functions, strict=True):
        beginning = function.partition(statement.format("something to say"))[0]
        assert beginning in defining(pieces, f"speak_{name}").text


def test_a_definition_that_fits_stays_whole() -> None:
    lines = STATEMENTS.splitlines(keepends=True)
    functions = [f"def speak_{i}(voice):\n{''.join(lines[: i % 14 + 1])}\n\n" for i in range(30)]

    pieces = cut("".join(functions), "python")

    for i, function in enumerate(functions):
        assert function.rstrip() in defining(pieces, f"speak_{i}").text


def test_a_long_definition_is_cut_between_statements_and_every_part_knows_it() -> None:
    method = f"    def run(self):\n{STATEMENTS.replace('    total', '        total')}"

    pieces = cut(f"class Job:\n    name = 1\n\n{method}\n\ndef other():\n    return 1\n", "python")

    parts = [piece for piece in pieces if "total_" in piece.text]
    assert len(parts) > 2
    assert {part.scope for part in parts[1:]} == {"Job.run"}
    for part in parts:
        assert part.text.startswith(("class Job", "        total_"))
        assert len(part.text) <= LONGEST_BYTES
    assert "other" in pieces[-1].names


def test_a_long_comment_is_cut_before_what_it_is_about() -> None:
    prose = "".join(f" * Line {i} of what there is to say about this, at some length.\n" for i in range(80))
    body = "".join(f"    call_number_{i}(first_argument, second_argument);\n" for i in range(30))

    pieces = cut(f"/* Merge.\n{prose} */\nvoid merge(void)\n{{\n{body}}}\n", "c")

    assert {piece.scope for piece in pieces[1:] if "merge" not in piece.names} == {"merge"}
    assert " */\nvoid merge(void)\n{\n    call_number_0" in defining(pieces, "merge").text


def test_a_table_knows_its_name() -> None:
    """Parts of a constant had no heading."""
    rows = "".join(f"    {i}, {i + 1}, {i + 2}, {i + 3}, {i + 4}, {i + 5}, {i + 6},\n" for i in range(100))

    pieces = cut(f"static const int slots[] = {{\n{rows}}};\n", "c")

    assert len(pieces) > 2
    assert {piece.scope for piece in pieces[1:]} == {"slots"}


def test_the_last_comment_of_a_block_stays_in_it() -> None:
    body = f"{STATEMENTS}    # That was all.\n"

    pieces = cut(f"def work():\n{body}\n\ndef other():\n{STATEMENTS}", "python")

    assert "# That was all." not in defining(pieces, "other").text


def test_small_definitions_share_a_chunk() -> None:
    pieces = cut("".join(f"def helper_{i}():\n    return {i}\n\n\n" for i in range(30)), "python")

    assert len(pieces) == 1


def test_several_names_in_one_statement_end_on_their_own_lines() -> None:
    source = b"struct pool {\n    int head,\n        tail,\n        count,\n        size,\n        free;\n};\n"
    chunks = chunk(SourceFile(path="x", language="c", text=source), {})

    assert chunks is not None
    assert [(each.name, each.line, each.end_line) for each in chunks[0].symbols][1:3] == [
        ("head", 2, 2),
        ("tail", 3, 3),
    ]
