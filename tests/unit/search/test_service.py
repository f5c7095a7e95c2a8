"""Answering a query from a store: what is asked of it, and what becomes of its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest
from codebase_core_hookspecs import (
    Candidate,
    ChunkId,
    EmbedderUnavailable,
    FileState,
    Filters,
    Passage,
    RepositoryState,
    ResolvedProject,
    Retrieval,
    RetrievalQuery,
    SearchRequest,
    Span,
)

from codebase_core.lexical.terms import TOKENIZER
from codebase_core.search.service import PER_ARM, answer, is_outdated

HERE, NOW = uuid4(), datetime(2026, 1, 2, tzinfo=UTC)
PROJECT = ResolvedProject(name="pools", id=str(uuid4()), tier="checkout", evidence="/src")


@dataclass
class Store:
    """A store with two chunks; ``vanished`` ones are gone when their text is asked for."""

    root: str = "/nowhere"
    vanished: frozenset[int] = frozenset()
    asked: list[RetrievalQuery] = field(default_factory=list)
    read: list[int] = field(default_factory=list)

    async def retrieve(self, query: RetrievalQuery) -> Retrieval:
        self.asked.append(query)
        state = RepositoryState(
            name="main", identity="main", root=self.root, machine=HERE, commit="abc", indexed_at=NOW, running=False
        )
        return Retrieval(
            candidates=[self.candidate(1, 2.0), self.candidate(2, 1.0)],
            idf=dict.fromkeys(query.terms, 1.0),
            repositories={"main": state},
        )

    def candidate(self, number: int, lexical: float) -> Candidate:
        return Candidate(
            id=ChunkId(number),
            repository="main",
            path=f"{number}.py",
            language="python",
            roles=frozenset(),
            span=Span(start_line=3, end_line=5, start_byte=0, end_byte=9),
            kind="lines",
            scope="",
            symbols=(),
            arms=frozenset({"lexical"}),
            lexical=lexical,
        )

    async def passages(self, ids):
        self.read.append(len(ids))
        return {
            number: Passage(
                text=f"text {number}",
                symbols=(),
                file=FileState(path=f"{number}.py", size=1, mtime_ns=1, content_hash=b"", pipeline=""),
            )
            for number in ids
            if number not in self.vanished
        }


class Embedder:
    def __init__(self, fault: Exception | None = None) -> None:
        self.texts: list[str] = []
        self.fault = fault

    async def embed_query(self, text: str):
        if self.fault is not None:
            raise self.fault
        self.texts.append(text)
        return np.ones(4, dtype=np.float32) / 2


def ask(text: str, store: Store, *, embedder: Embedder | None = None, **choices):
    return asyncio.run(
        answer(
            SearchRequest(text, **choices),
            store=store,
            embedder=embedder,
            project=PROJECT,
            machine=HERE,
        )
    )


def test_an_answer_says_what_where_and_how_fresh():
    shown = ask("where is the pool", Store()).as_dict()

    assert shown["query"] == "where is the pool"
    assert shown["project"] == {"name": "pools", "id": PROJECT.id, "tier": "checkout", "evidence": "/src"}
    assert shown["index"] == [
        {
            "repository": "main",
            "root": "/nowhere",
            "indexed_at": "2026-01-02T00:00:00+00:00",
            "commit": "abc",
            "running": False,
        }
    ]
    assert [(hit["path"], hit["start_line"], hit["end_line"], hit["text"]) for hit in shown["hits"]] == [
        ("1.py", 3, 5, "text 1"),
        ("2.py", 3, 5, "text 2"),
    ]
    assert {hit["state"] for hit in shown["hits"]} == {"missing"}
    assert {"embed", "retrieve", "rank", "texts", "total"} <= shown["timings"].keys()
    assert "explain" not in shown["hits"][0]


def test_an_explained_answer_shows_every_stage():
    (first, _) = ask("where is the pool", Store()).as_dict(explain=True)["hits"]

    assert first["explain"]["lexical"] == 2.0


def test_the_store_is_asked_for_terms_names_paths_and_vector():
    store, embedder = Store(), Embedder()

    ask(
        "how does open_pool in src/pool.py work", store, embedder=embedder, filters=Filters(languages=frozenset({"go"}))
    )

    (query,) = store.asked
    assert query.terms["open_pool"] == 1.0
    assert (query.names, query.paths) == (("open_pool",), ("src/pool.py",))
    assert query.vector.shape == (4,)
    assert query.filters.languages == {"go"}
    assert embedder.texts == ["how does open_pool in src/pool.py work"]


def test_the_texts_of_all_candidates_are_weighed_for_a_long_question_only():
    short, long = Store(), Store()

    (first, _) = ask("where is the pool", short).as_dict(explain=True)["hits"]
    (held, _) = ask("text " + " ".join(f"word{n}" for n in range(30)), long).as_dict(explain=True)["hits"]

    assert (first["explain"]["evidence"], held["explain"]["evidence"]) == (0.0, 1.0)
    assert (short.read, long.read) == ([2], [2, 2])


def test_of_a_report_what_its_author_says_is_embedded():
    embedder = Embedder()

    ask("A title\nsays " + "more " * 20 + "\n```\nx = 1\n```", Store(), embedder=embedder)

    assert embedder.texts == ["A title\n" * 3 + "says " + "more " * 20]


@pytest.mark.parametrize(("limit", "per_arm"), [(1, PER_ARM), (400, 800)])
def test_more_candidates_are_asked_for_than_hits(limit, per_arm):
    store = Store()

    ask("pool", store, limit=limit)

    assert store.asked[0].per_arm == per_arm


def test_a_stage_that_is_off_asks_the_store_for_nothing():
    store, embedder = Store(), Embedder()

    ask("pool", store, embedder=embedder, without=frozenset({"dense", "lexical"}))

    assert (store.asked[0].vector, store.asked[0].terms, embedder.texts) == (None, {}, [])


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_query_is_not_embedded(text):
    embedder = Embedder()

    ask(text, Store(), embedder=embedder)

    assert embedder.texts == []


def test_an_embedder_that_is_down_is_an_error_and_no_lesser_answer():
    store = Store()

    with pytest.raises(EmbedderUnavailable):
        ask("pool", store, embedder=Embedder(EmbedderUnavailable("no model")))

    assert store.asked == []


def test_a_chunk_that_vanished_meanwhile_is_left_out():
    assert [hit.path for hit in ask("pool", Store(vanished=frozenset({1}))).hits] == ["2.py"]


def test_hits_are_limited():
    assert [hit.path for hit in ask("pool", Store(), limit=1).hits] == ["1.py"]


def test_an_index_that_was_cut_into_other_terms_is_told() -> None:
    def passage(pipeline: str) -> Passage:
        state = FileState(path="a.py", size=1, mtime_ns=0, content_hash=b"", pipeline=pipeline)
        return Passage(text="x", symbols=(), file=state)

    assert is_outdated([passage("lines/1 features/1 identifiers-english/2")])
    assert not is_outdated([passage(f"lines/1 features/1 {TOKENIZER}"), passage("")])
