"""What the bundled reranker reads of a passage."""

from __future__ import annotations

import asyncio

import numpy as np
from codebase_core_code_reranker.encoding import LABEL_TOKENS, PASSAGE_TOKENS, QUERY_TOKENS
from codebase_core_code_reranker.excerpt import excerpt
from codebase_core_code_reranker.reranker import CodeReranker
from codebase_core_hookspecs import RerankerPassage

FILLER = "\n".join(f"    value_{chr(97 + nth % 26)} = compute(something)" for nth in range(60))


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("\n")]


def test_a_short_passage_is_read_whole():
    assert excerpt(lines("def pool\nreturn idle"), ["socket"], most=4) == ["def", "pool", "return", "idle"]


def test_of_a_long_one_the_first_line_and_those_that_hold_the_question_are_read_in_their_order():
    passage = lines("\ndef acquire\nother words here\nwait for pooled sockets\nmore other words\nsocket opened")

    assert excerpt(passage, ["sockets", "pool"], most=8) == [
        "def",
        "acquire",
        "wait",
        "for",
        "pooled",
        "sockets",
        "socket",
        "opened",
    ]


def test_a_line_that_does_not_fit_is_passed_over():
    assert excerpt(lines("def acquire\nsocket a b c d e f\nidle"), ["socket"], most=4) == ["def", "acquire", "idle"]
    assert excerpt(lines("a b c d e"), ["a"], most=4) == []


def test_what_answers_far_down_a_passage_is_found():
    answer = "    # keep idle connections in a pool until they are asked for\n"
    passages = [
        RerankerPassage(f"def work():\n{FILLER}\n", "a.py"),
        RerankerPassage(f"def work():\n{FILLER}\n{answer}{FILLER}\n", "a.py"),
    ]

    plain, answering = asyncio.run(CodeReranker.open(None).score("keep idle connections in a pool", passages))

    assert answering > plain


def test_no_passage_is_longer_than_the_model_reads():
    reranker = CodeReranker.open(None)

    pairs = reranker._encoder.encode(
        "where " * 100, [RerankerPassage(FILLER * 9, "a/very/long/" + "name_" * 30 + ".py")]
    )

    ((query, passage),) = pairs
    assert (len(query), LABEL_TOKENS < len(passage) <= PASSAGE_TOKENS + 1) == (QUERY_TOKENS + 2, True)
    assert np.isfinite(asyncio.run(reranker.score("where", [RerankerPassage("", "")]))).all()
