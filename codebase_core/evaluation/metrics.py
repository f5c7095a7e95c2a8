"""Scores of one ranked answer. Relevance is binary, and a target counts once, at the first hit that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

    from .queries import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Each between 0 and 1; over several queries their means."""

    ndcg: float
    recall: float
    mrr: float


def score(hits: Sequence[Hit], relevant: Sequence[Target], *, k: int) -> Scores:
    """Score the first ``k`` hits.

    NDCG: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with the logarithm to base 2 of
    rank + 1. MRR is the reciprocal rank of the first target, recall the share of targets found.
    """
    ranks = sorted(rank for target in relevant if (rank := _rank(target, hits[:k])) is not None)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    gained = sum(1 / log2(rank + 1) for rank in _apart(ranks))
    return Scores(
        ndcg=gained / ideal,
        recall=len(ranks) / len(relevant),
        mrr=1 / ranks[0] if ranks else 0.0,
    )


def mean(scores: Sequence[Scores]) -> Scores:
    """Return the means; ``scores`` is not empty."""
    return Scores(
        ndcg=fmean(each.ndcg for each in scores),
        recall=fmean(each.recall for each in scores),
        mrr=fmean(each.mrr for each in scores),
    )


def _rank(target: Target, hits: Sequence[Hit]) -> int | None:
    return next((rank for rank, hit in enumerate(hits, 1) if target.is_met_by(hit)), None)


def _apart(ranks: Sequence[int]) -> list[int]:
    """Return ranks of which no two are equal: one hit that shows two targets gains no more than two hits could."""
    apart: list[int] = []
    for rank in ranks:
        apart.append(max(rank, apart[-1] + 1) if apart else rank)
    return apart
