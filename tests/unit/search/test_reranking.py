"""Reordering by a model: how both scores are joined, and what becomes of a model that is absent, slow or broken."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from codebase_core_hookspecs import Hit, RerankerUnavailable

from codebase_core.search.reranking import RERANKED, Reranking, blended
from codebase_core.testing.fakes.reranker import WordsReranker

HITS = [
    Hit(
        repository="r",
        path=f"{number}.py",
        start_line=1,
        end_line=1,
        language="python",
        symbols=(),
        score=score,
        state="current",
        text=text,
    )
    for number, (score, text) in enumerate([(1.0, "draw a button"), (0.9, "pool of connections"), (0.1, "hash")])
]
QUERY = "where is the pool of connections"


def order(reranker, *, hits=HITS, budget: float = 5.0):
    async def open_reranker():
        if isinstance(reranker, Exception):
            raise reranker
        return reranker

    return asyncio.run(Reranking(open_reranker, budget).order(QUERY, hits))


def paths(hits) -> list[str]:
    return [hit.path for hit in hits]


def test_what_the_model_prefers_rises_and_the_scores_go_on_falling():
    found, why = order(WordsReranker())

    assert why is None
    assert paths(found) == ["1.py", "0.py", "2.py"]
    assert [hit.score for hit in found] == [1.0, 0.9, 0.1]
    assert found[0].stages["rerank"] == 1.0


def test_where_the_model_sees_no_difference_the_rules_decide():
    assert paths(blended(HITS, [0.3, 0.3, 0.3])) == paths(HITS)


def test_within_a_file_the_model_chooses_the_passage_and_the_file_keeps_its_place():
    one, other = HITS[0], replace(HITS[0], start_line=7, score=0.5)

    found = blended([one, HITS[1], other], [0.0, 0.1, 1.0])

    assert [(hit.path, hit.start_line) for hit in found] == [("0.py", 7), ("1.py", 1), ("0.py", 1)]


def test_the_rules_keep_their_share():
    assert paths(blended(HITS, [0.0, 0.0, 1.0]))[0] != "2.py"


def test_what_the_model_does_not_read_stays_behind():
    many = HITS[:1] * RERANKED + HITS[1:2]

    assert paths(order(WordsReranker(), hits=many)[0]) == paths(many)


class Slow(WordsReranker):
    async def score(self, query, passages):
        await asyncio.sleep(60)


class Broken(WordsReranker):
    async def score(self, query, passages):
        return np.array([1.0 / 0])


@pytest.mark.parametrize(
    ("reranker", "budget", "why"),
    [
        (None, 5.0, None),
        (RerankerUnavailable("no such file"), 5.0, "not reranked: no such file"),
        (Slow(), 0.01, "not reranked: the model took longer than 0.01 s"),
        (Broken(), 5.0, "not reranked: ZeroDivisionError: float division by zero"),
    ],
    ids=["none", "absent", "slow", "broken"],
)
def test_without_a_model_the_answer_is_as_without_it_and_says_why(reranker, budget, why):
    assert order(reranker, budget=budget) == (HITS, why)
