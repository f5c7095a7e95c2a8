"""Ask labelled queries in one or more ways and set the scores side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import SearchRequest

from .metrics import Scores, mean, score

if TYPE_CHECKING:
    from codebase_core.search.searcher import Searcher

    from .queries import LabelledQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A way to ask: a project, and the stages of ranking that are left out."""

    name: str
    searcher: Searcher
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The scores of a variant; ``milliseconds`` is the median time of an answer, ``missed`` are queries without any target."""

    name: str
    embedder: str
    overall: Scores
    by_category: Mapping[str, Scores]
    by_language: Mapping[str, Scores]
    milliseconds: float
    missed: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return asdict(self) | {"missed": list(self.missed)}


async def evaluate(variant: Variant, queries: Sequence[LabelledQuery], *, k: int) -> Evaluation:
    """Ask every query once."""
    scored: list[tuple[LabelledQuery, Scores]] = []
    times: list[float] = []
    for query in queries:
        answer = await variant.searcher.search(SearchRequest(query.query, limit=k, without=variant.without))
        scored.append((query, score(answer.hits, query.relevant, k=k)))
        times.append(answer.timings["total"])
    identity = variant.searcher.store.manifest.embedder
    return Evaluation(
        name=variant.name,
        embedder=f"{identity.plugin}:{identity.model}" if identity is not None else "none",
        overall=mean([each for _, each in scored]),
        by_category=_grouped([(query.category, each) for query, each in scored]),
        by_language=_grouped([(query.language, each) for query, each in scored]),
        milliseconds=median(times),
        missed=[query.query for query, each in scored if not each.recall],
    )


async def unknown_paths(searcher: Searcher, queries: Sequence[LabelledQuery]) -> list[str]:
    """Return the paths of targets that the index does not hold: no answer can meet them."""
    repositories = [state.name for state in await searcher.store.repositories()]
    paths = sorted({target.path for query in queries for target in query.relevant})
    found = await searcher.store.files([(repository, path) for path in paths for repository in repositories])
    held = {path for (_, path), file in found.items() if file.chunks}
    return [path for path in paths if path not in held]


def _grouped(scored: Sequence[tuple[str, Scores]]) -> dict[str, Scores]:
    groups: dict[str, list[Scores]] = defaultdict(list)
    for name, each in scored:
        if name:
            groups[name].append(each)
    return {name: mean(groups[name]) for name in sorted(groups)}
