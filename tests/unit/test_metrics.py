"""Scores of a ranked answer, against values worked out by hand."""

from __future__ import annotations

from math import log2

import pytest
from codebase_core_hookspecs import Hit

from codebase_core.evaluation.metrics import Scores, mean, score
from codebase_core.evaluation.queries import Target


def hit(path: str, start: int = 1, end: int = 10) -> Hit:
    return Hit(
        repository="r",
        path=path,
        start_line=start,
        end_line=end,
        language=None,
        symbols=(),
        score=1.0,
        state="current",
        text="",
    )


HITS = [hit("a"), hit("b"), hit("a", 11, 20), hit("c")]


@pytest.mark.parametrize(
    ("targets", "k", "ndcg", "recall", "mrr"),
    [
        ([Target(path="a")], 10, 1.0, 1.0, 1.0),
        ([Target(path="b")], 10, 1 / log2(3), 1.0, 0.5),
        ([Target(path="a", start=15, end=30)], 10, 1 / log2(4), 1.0, 1 / 3),
        ([Target(path="a", start=10)], 10, 1.0, 1.0, 1.0),
        ([Target(path="a", start=21)], 10, 0.0, 0.0, 0.0),
        ([Target(path="c")], 3, 0.0, 0.0, 0.0),
        ([Target(path="z"), Target(path="b")], 10, (1 / log2(3)) / (1 + 1 / log2(3)), 0.5, 0.5),
        ([Target(path="a"), Target(path="b")], 10, 1.0, 1.0, 1.0),
        ([Target(path="z"), Target(path="a")], 1, 1.0, 0.5, 1.0),
    ],
)
def test_scores(targets: list[Target], k: int, ndcg: float, recall: float, mrr: float) -> None:
    found = score(HITS, targets, k=k)
    assert (found.ndcg, found.recall, found.mrr) == pytest.approx((ndcg, recall, mrr))


def test_one_hit_that_shows_two_targets_gains_no_more_than_two_hits() -> None:
    both = [Target(path="a", start=1, end=2), Target(path="a", start=5, end=6)]
    assert score([hit("a")], both, k=10).ndcg == pytest.approx(1.0)
    assert score([hit("z"), hit("a")], both, k=10).ndcg < 1


def test_no_hit_scores_nothing() -> None:
    assert score([], [Target(path="a")], k=10) == Scores(ndcg=0.0, recall=0.0, mrr=0.0)


def test_means() -> None:
    assert mean([Scores(ndcg=1, recall=1, mrr=1), Scores(ndcg=0, recall=0.5, mrr=0)]) == Scores(
        ndcg=0.5, recall=0.75, mrr=0.5
    )
