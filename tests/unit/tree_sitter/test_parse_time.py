"""A parse is bounded in processor time: a grammar that has lost its way costs a file its definitions, not a worker."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import SourceFile
from codebase_core_tree_sitter.chunking import chunk_source
from codebase_core_tree_sitter.grammars import ParseTimeout, grammar
from codebase_core_tree_sitter.recovery import Trials

CODE = b"def first():\n    return 1\n\n\ndef second():\n    return 2\n"
LONG = CODE * 10_000
UNCLOSED = b"x = 1\n" + b"[" * 50_000
"""Lua's grammar takes 10 s and more for it."""


def test_a_parse_ends_with_its_time_and_the_next_begins_anew() -> None:
    python = grammar("python")
    assert python is not None
    with pytest.raises(ParseTimeout, match=r"not parsed within 0\.0 s"):
        python.parse(LONG, seconds=0)
    root = python.parse(CODE)
    assert (root.end_byte, root.has_error) == (len(CODE), False)


def test_a_file_that_takes_too_long_is_left_to_the_next_chunker() -> None:
    with pytest.raises(ParseTimeout):
        chunk_source(SourceFile(path="unclosed.lua", language="lua", text=UNCLOSED))


def test_what_breaks_a_file_is_looked_for_no_longer_than_a_parse_may_take() -> None:
    python = grammar("python")
    assert python is not None
    trials = Trials(python, CODE, seconds=0)
    assert not trials.take(1)
    assert trials.broken(LONG) == len(LONG)
    trials = Trials(python, CODE, seconds=60)
    assert trials.take(len(CODE))
    assert trials.broken(CODE) == 0
