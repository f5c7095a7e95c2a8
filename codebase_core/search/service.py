"""Answer a query from an opened project: analyse, retrieve, rank, fetch the texts of the final hits."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import (
    Answer,
    Filters,
    Hit,
    InvalidRequest,
    ResolvedProject,
    RetrievalQuery,
    SearchRequest,
    signature_of,
)

from codebase_core.lexical.terms import TOKENIZER

from .copies import SPARE, without_copies
from .evidence import evidence_share, file_evidence
from .exactness import asked_name
from .excerpt import excerpted
from .freshness import file_state
from .no_results import explain_no_results
from .query import analyse
from .ranking import STAGES as RULES
from .ranking import File, Ranked, rank
from .reranking import RERANKED, Reranking
from .similar_names import similar_names

if TYPE_CHECKING:
    from codebase_core_hookspecs import ChunkId, Embedder, Passage, ProjectStore, RepositoryState, Retrieval

    from .exactness import AskedName
    from .query import Query


logger = logging.getLogger(__name__)

STAGES = RULES | {"rerank"}
"""What can be switched off for measuring."""

PER_ARM = 100
"""Candidates an arm; 100 to 200 score alike on files, 100 best on functions (docs/ranking.md)."""


RELEVANT, NEAREST = 0.2, 3
"""Below this relevance (docs/ranking.md) nothing matches well, and only so many hits are shown: the nearest.

Of questions about another subject than the code 95% stay below it, of those about it less than 1 in 100.
"""

UNRELATED = "nothing matches well: these are the nearest"

GUESSED = "no word of the query occurs in the index: these are the nearest by meaning alone"

OUTDATED = "an earlier version has made parts of the index, and may miss words: codebase-core index renews them"


async def answer(
    request: SearchRequest,
    *,
    store: ProjectStore,
    embedder: Embedder | None,
    project: ResolvedProject,
    machine: UUID,
    reranking: Reranking | None = None,
) -> Answer:
    """Return the best hits; none at all is an answer too. Raises InvalidRequest for a stage that ranking does not have."""
    stages = _stages(request.without)
    began = perf_counter()
    query = analyse(request.query)
    wants_dense = embedder is not None and "dense" in stages and bool(query.text)
    vector = await embedder.embed_query(query.meaning) if embedder is not None and wants_dense else None
    embedded = perf_counter()
    retrieval = await store.retrieve(
        RetrievalQuery(
            vector=vector,
            terms=query.terms if "lexical" in stages else {},
            names=tuple(query.names),
            paths=query.paths,
            per_arm=max(PER_ARM, 2 * request.limit),
            filters=request.filters,
        )
    )
    retrieved = perf_counter()
    evidence = await evidence_of(query, retrieval, store=store) if "evidence" in stages else {}
    weighed = perf_counter()
    reads = reranking is not None and "rerank" in stages and query.kind != "symbol"
    wanted = max(request.limit, RERANKED) if reads else request.limit
    ranked = rank(query, retrieval, limit=wanted + SPARE, stages=stages, evidence=evidence)
    sorted_out = perf_counter()
    distinct, passages, copies = await without_copies(ranked, store=store, limit=wanted)
    hits = hits_of(
        distinct, passages, repositories=retrieval.repositories, machine=machine, copies=copies, asked=asked_name(query)
    )
    fetched = perf_counter()
    not_reranked = None
    if reranking is not None and reads:
        hits, not_reranked = await reranking.order(query.meaning, hits)
    reranked = perf_counter()
    # Of a question that says much no single passage holds enough to tell whether it is meant.
    comparable = stages >= RULES and not evidence_share(query)
    unrelated = comparable and not any(hit.stages["relevance"] >= RELEVANT for hit in hits)
    most = min(request.limit, NEAREST) if unrelated else request.limit
    shown, left_out = await excerpted(hits[:most], query.meaning, store=store, excerpt=request.excerpt)
    guessed = all(each.arms == {"dense"} for each in retrieval.candidates)
    unknown = guessed or (bool(query.names) and not any(each.symbols for each in retrieval.candidates))
    filtered_out = not retrieval.candidates and request.filters != Filters()
    caveats = (
        GUESSED if shown and guessed else UNRELATED if shown and unrelated else None,
        await _meant(query, store=store, filters=request.filters, guessed=guessed) if unknown else None,
        not_reranked,
        OUTDATED if is_outdated(passages.values()) else None,
        left_out,
        await explain_no_results(request.filters, store=store) if filtered_out else None,
    )
    ended = perf_counter()
    timings = {
        "embed": 1000 * (embedded - began),
        "retrieve": 1000 * (retrieved - embedded),
        "evidence": 1000 * (weighed - retrieved),
        "rank": 1000 * (sorted_out - weighed),
        "texts": 1000 * (fetched - sorted_out + ended - reranked),
        "rerank": 1000 * (reranked - fetched),
        "total": 1000 * (ended - began),
    }
    logger.debug(
        "answered", extra={"candidates": len(retrieval.candidates), "hits": len(shown), "milliseconds": timings}
    )
    return Answer(
        query=request.query,
        note="; ".join(filter(None, caveats)) or None,
        missed=unknown,
        project=project,
        repositories=sorted(retrieval.repositories.values(), key=lambda state: state.name),
        hits=shown,
        timings=timings,
    )


async def evidence_of(query: Query, retrieval: Retrieval, *, store: ProjectStore) -> dict[File, float]:
    """Weigh what files hold of a long question, by the texts of their candidates; nothing is read for others."""
    share = evidence_share(query)
    if not share or not retrieval.candidates:
        return {}
    passages = await store.passages([candidate.id for candidate in retrieval.candidates])
    texts = {id: passage.text for id, passage in passages.items()}
    return {file: share * held for file, held in file_evidence(query, retrieval, texts).items()}


def is_outdated(passages: Iterable[Passage]) -> bool:
    """Tell whether some file was cut into other terms than a query is: by an earlier version."""
    return any(passage.file.pipeline and TOKENIZER not in passage.file.pipeline.split() for passage in passages)


def hits_of(
    ranked: Sequence[Ranked],
    passages: Mapping[ChunkId, Passage],
    *,
    repositories: Mapping[str, RepositoryState],
    machine: UUID,
    copies: Mapping[ChunkId, tuple[str, ...]] = MappingProxyType({}),
    asked: AskedName | None = None,
) -> list[Hit]:
    """Return ranked candidates with their texts, and whether their files changed; those without a text are left out."""
    return [
        Hit(
            repository=each.candidate.repository,
            path=each.candidate.path,
            start_line=each.candidate.span.start_line,
            end_line=each.candidate.span.end_line,
            language=each.candidate.language,
            symbols=passage.symbols,
            score=each.score,
            state=file_state(passage.file, repositories[each.candidate.repository], machine=machine),
            text=passage.text,
            stages=each.stages,
            scope=each.candidate.scope,
            within=passage.within,
            opening=signature_of(passage.opening),
            copies=copies.get(each.candidate.id, ()),
            asked=asked.definition(each.candidate) if asked is not None else "",
        )
        for each in ranked
        if (passage := passages.get(each.candidate.id)) is not None
    ]


async def _meant(query: Query, *, store: ProjectStore, filters: Filters, guessed: bool) -> str | None:
    """Return the names that somebody may have meant whose whole query is a name that nothing has."""
    asked = asked_name(query)
    if asked is None or (asked.plain and not guessed):
        return None
    names = await similar_names(asked.reading, store=store, filters=filters)
    return f"no definition is named {asked.reading.name}; did you mean {', '.join(names)}?" if names else None


def _stages(without: frozenset[str]) -> frozenset[str]:
    unknown = without - STAGES
    if unknown:
        raise InvalidRequest(f"ranking has no stage {min(unknown)!r}", hint=f"its stages: {', '.join(sorted(STAGES))}")
    return STAGES - without
