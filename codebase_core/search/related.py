"""Code that resembles a passage: the passage itself is the query."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import Answer, RelatedRequest, ResolvedProject, RetrievalQuery

from codebase_core.errors import FileNotIndexed
from codebase_core.lexical.identifiers import identifiers, split_words
from codebase_core.lexical.terms import count_terms

from .copies import SPARE, without_copies
from .excerpt import excerpted
from .query import MAX_CHARACTERS, Query
from .ranking import rank
from .service import PER_ARM, hits_of

if TYPE_CHECKING:
    from codebase_core_hookspecs import Embedder, EmbedderPlugin, ProjectStore, StoredChunk, StoredFile

STAGES = frozenset({"dense", "lexical", "role"})
"""No name is asked for, and a file is no better for being full of the like."""


async def answer_related(
    request: RelatedRequest,
    repository: str,
    file: StoredFile,
    *,
    store: ProjectStore,
    embedder: tuple[EmbedderPlugin, Embedder] | None,
    project: ResolvedProject,
    machine: UUID,
) -> Answer:
    """Return what is most like the passage around a line, best first; the passage itself is left out."""
    began = perf_counter()
    chunk = chunk_at(file, request.line)
    text = chunk.text[:MAX_CHARACTERS]
    vector = None
    if embedder is not None:
        plugin, model = embedder
        document = split_words(identifiers(text)) if plugin.document_text == "words" else text
        vector = (await model.embed_documents([document]))[0]
    terms = dict.fromkeys(count_terms(text), 1.0)  # a name that a passage repeats is no better a witness
    retrieval = await store.retrieve(
        RetrievalQuery(vector=vector, terms=terms, per_arm=max(PER_ARM, 2 * request.limit), filters=request.filters)
    )
    ranked = rank(_query(text, terms, file), retrieval, limit=request.limit + SPARE, stages=STAGES)
    others = [each for each in ranked if each.candidate.id != chunk.id]
    distinct, passages, copies = await without_copies(others, store=store, limit=request.limit)
    hits = hits_of(distinct, passages, repositories=retrieval.repositories, machine=machine, copies=copies)
    shown, left_out = await excerpted(hits, text, store=store, excerpt=request.excerpt)
    return Answer(
        query=f"related to {repository}/{file.state.path}:{chunk.span.start_line}-{chunk.span.end_line}",
        project=project,
        repositories=sorted(retrieval.repositories.values(), key=lambda state: state.name),
        hits=shown,
        focus=text,
        note=left_out,
        timings={"total": 1000 * (perf_counter() - began)},
    )


def chunk_at(file: StoredFile, line: int) -> StoredChunk:
    """Return the chunk that a line is in; raise FileNotIndexed for one behind the end."""
    last = file.chunks[-1].span.end_line
    if line > last:
        raise FileNotIndexed(
            f"{file.state.path} ends with line {last:,} in the index", hint="codebase-core index brings changes in"
        )
    return next(chunk for chunk in file.chunks if line <= chunk.span.end_line)


def _query(text: str, terms: dict[str, float], file: StoredFile) -> Query:
    """Return what ranking has to know: who asks from a test is not answered worse by tests."""
    return Query(text=text, kind="sentence", meaning=text, terms=terms, words=(), names={}, paths=(), asked=file.roles)
