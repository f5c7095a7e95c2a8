"""Reorder the first hits by a model that reads query and passage together, within a budget of time."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codebase_core_hookspecs import CodebaseCoreError, Hit, RerankerPassage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from codebase_core_hookspecs import Reranker

logger = logging.getLogger(__name__)

RERANKED = 10
"""Hits that the model reads: 5 to 20 score alike (docs/rerankers.md), and time grows with their number."""

PASSAGE_SHARE, FILE_SHARE = 0.8, 0.2
"""The model's part, the rules having the rest: in which passage of a file comes first, and in the order of all hits.

A model trained on functions tells passages apart; which file is meant, the rules know better.
"""


@dataclass(frozen=True, slots=True)
class Reranking:
    """How an answer is reranked: ``open`` gives the model, None if none is chosen; ``budget`` is in seconds, None has no end."""

    open: Callable[[], Awaitable[Reranker | None]]
    budget: float | None

    async def order(self, query: str, hits: Sequence[Hit]) -> tuple[list[Hit], str | None]:
        """Return the hits, best first, and why they are as before if the model could not be used in time."""
        read, rest = list(hits[:RERANKED]), list(hits[RERANKED:])
        if len(read) < 2:  # noqa: PLR2004 - nothing to order
            return [*read, *rest], None
        try:
            async with asyncio.timeout(self.budget):
                reranker = await self.open()
                if reranker is None:
                    return [*read, *rest], None
                passages = [RerankerPassage(text=hit.text, path=hit.path, language=hit.language) for hit in read]
                scores = await reranker.score(query, passages)
        except TimeoutError:
            waited = "too long" if self.budget is None else f"longer than {self.budget:g} s"
            return [*read, *rest], f"not reranked: the model took {waited}"
        except CodebaseCoreError as exc:
            return [*read, *rest], f"not reranked: {exc.message}"
        except Exception as exc:  # a plugin's fault costs its part of the order, not the answer
            logger.exception("reranking failed")
            return [*read, *rest], f"not reranked: {type(exc).__name__}: {exc}"
        return [*blended(read, [float(score) for score in scores]), *rest], None


def blended(hits: Sequence[Hit], scores: Sequence[float]) -> list[Hit]:
    """Return the hits in the order of rules and model, each scaled to 0..1 over the hits; ties keep their order.

    Within a file the passages share out the places of that file first; then all are ordered. The hits take over the scores of the
    places that they come to, so that scores go on falling, also over the hits that the model did not read.
    """
    rules, model = _scaled([hit.score for hit in hits]), _scaled(scores)
    placed = _within_files(hits, rules, model)
    joined = [(1 - FILE_SHARE) * rules[place] + FILE_SHARE * model[nth] for place, nth in enumerate(placed)]
    order = sorted(range(len(hits)), key=lambda place: -joined[place])
    return [
        replace(
            hits[placed[place]], score=hit.score, stages={**hits[placed[place]].stages, "rerank": model[placed[place]]}
        )
        for place, hit in zip(order, hits, strict=True)
    ]


def _within_files(hits: Sequence[Hit], rules: Sequence[float], model: Sequence[float]) -> list[int]:
    """Return, for each place, the number of the hit that comes there when each file's best passages come first."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for nth, hit in enumerate(hits):
        places[hit.repository, hit.path].append(nth)
    placed = list(range(len(hits)))
    for own in places.values():
        best = sorted(own, key=lambda nth: -((1 - PASSAGE_SHARE) * rules[nth] + PASSAGE_SHARE * model[nth]))
        for place, nth in zip(own, best, strict=True):
            placed[place] = nth
    return placed


def _scaled(scores: Sequence[float]) -> list[float]:
    low, high = min(scores), max(scores)
    return [(score - low) / (high - low) if high > low else 0.0 for score in scores]
