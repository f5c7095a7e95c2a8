"""BM25F with the score of a term in a chunk as one number known at index time, its impact.

A query adds only the terms' idf and repeats, so the score is an inner product. Formula: Robertson and Zaragoza, "The
Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6, with length normalisation per field.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

FIELD_WEIGHTS: Mapping[str, float] = {"body": 1.0, "sym": 4.0, "stem": 3.0, "enc": 0.5, "dir": 1.0}
"""Measured on the retrieval benchmark, docs/ranking.md; all sit on a plateau."""

K1 = 1.2
B = 0.75

FIELD_LENGTHS: Mapping[str, float] = {"body": 98.6, "sym": 2.4, "stem": 2.0, "enc": 1.0, "dir": 2.0}
"""Mean terms a chunk in each field, over the 39,457 chunks of the retrieval benchmark; its roots lie deep in their
repositories, so folders count twice what was measured there. New projects write these into their manifest."""


def impacts(fields: Mapping[str, Mapping[str, int]], lengths: Mapping[str, float]) -> dict[str, float]:
    """Return term to impact, T / (T + k1), where T sums the weighted, length-normalised counts of the fields.

    Nearly all terms stand in the body alone, a few times: their impacts are looked up by count.
    """
    body = fields["body"]
    of_body = _factor("body", body, lengths)
    by_count = [_saturated(of_body * count) for count in range(max(body.values(), default=0) + 1)]
    found = {term: by_count[count] for term, count in body.items()}
    beyond: dict[str, float] = {}
    for name, counts in fields.items():
        if name != "body":
            factor = _factor(name, counts, lengths)
            for term, count in counts.items():
                beyond[term] = beyond.get(term, 0.0) + factor * count
    for term, total in beyond.items():
        found[term] = _saturated(total + of_body * body.get(term, 0))
    return found


def _factor(field: str, counts: Mapping[str, int], lengths: Mapping[str, float]) -> float:
    return FIELD_WEIGHTS[field] / (1 - B + B * sum(counts.values()) / lengths[field])


def _saturated(total: float) -> float:
    return total / (total + K1)


def idf(documents: int, holding: int) -> float:
    """Return ln(1 + (N - df + 0.5) / (df + 0.5)), never negative."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))
