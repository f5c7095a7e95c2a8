"""The statement of a search against a plain computation of the same from the same rows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from math import log
from uuid import UUID, uuid4

import numpy as np
import pytest
from codebase_core_hookspecs import (
    Batch,
    Candidate,
    EmbedderIdentity,
    Filters,
    Manifest,
    ProjectStore,
    RetrievalQuery,
    Source,
)
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App

from .reference import DIMENSIONS, NAMES, WORDS, Reference, Row, corpus


@pytest.fixture
async def store(app: App) -> ProjectStore:
    """An empty project."""
    chosen = await app.engine.store(app.settings["store"])
    project = uuid4()
    binding = chosen.plan(project, "retrieval", server=app.settings["server"])
    identity = EmbedderIdentity(plugin="test", model="m", revision="1", dimensions=DIMENSIONS)
    await chosen.provision(binding, Manifest(project=project, tokenizer="t", field_lengths={}, embedder=identity))
    return await chosen.open(binding, project=project)


async def write(store: ProjectStore, rows: Sequence[Row]) -> None:
    for repository in sorted({row.repository for row in rows}):
        files = {row.file.state.path: row.file for row in rows if row.repository == repository}
        source = Source(name=repository, identity=repository, root=f"/{repository}", machine=UUID(int=1))
        async with store.writing(source, scope=()) as writer:
            await writer.apply(Batch(replaced=tuple(files.values())))
            await writer.finish(outcome="done", detail={})


def _vector(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.random.default_rng(1000 + seed).normal(size=DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


FILTERS = [
    Filters(),
    Filters(repositories=frozenset({"second"})),
    Filters(languages=frozenset({"go"})),
    Filters(path_globs=("a", "*.md")),
    Filters(path_globs=("**/*.py",), without_roles=frozenset({"test", "docs"})),
    Filters(roles=frozenset({"test", "docs"})),
    Filters(roles=frozenset({"test", "docs"}), without_roles=frozenset({"docs"})),
    Filters(repositories=frozenset({"nowhere"})),
]


async def test_candidates_and_scores_are_those_of_a_plain_computation(store: ProjectStore) -> None:
    rows = corpus(1)
    await write(store, rows)
    for seed in range(12):
        chance = random.Random(seed)
        query = RetrievalQuery(
            vector=_vector(seed),
            terms={term: float(chance.randrange(1, 4)) for term in [*chance.sample(WORDS, 4), "unheard"]},
            names=tuple(chance.sample([name.lower() for name in NAMES], 2)),
            paths=("pool.py", "b/pool.go"),
            per_arm=chance.choice([1, 3, 10, 500]),
            filters=FILTERS[seed % len(FILTERS)],
        )
        found = await store.retrieve(query)
        wanted = Reference(rows, query)
        assert found.idf == pytest.approx(wanted.idf)
        assert {_key(c): set(c.arms) for c in found.candidates} == wanted.arms()
        dense, lexical = wanted.dense(), wanted.lexical()
        for candidate in found.candidates:
            assert candidate.dense == pytest.approx(dense[_key(candidate)], abs=1e-4)
            assert candidate.lexical == pytest.approx(lexical[_key(candidate)], abs=1e-4)
            asked = {symbol.name.lower() for symbol in candidate.symbols}
            assert asked <= set(query.names)
            assert bool(asked) == ("symbol" in candidate.arms) or query.per_arm < 5
        assert set(found.repositories) == {"first", "second"}


def _key(candidate: Candidate) -> tuple[str, str, int]:
    return candidate.repository, candidate.path, candidate.span.start_line


async def test_ties_are_cut_the_same_way_every_time(store: ProjectStore) -> None:
    rows = corpus(2)
    same = replace(rows[0].chunk, terms=["tied"], impacts=[0.5], vector=_vector(0))
    tied = [replace(row, chunk=replace(same, chunk=row.chunk.chunk), file=replace(row.file, chunks=())) for row in rows]
    files = {
        (row.repository, row.file.state.path): tuple(
            o.chunk for o in tied if o.file.state == row.file.state and o.repository == row.repository
        )
        for row in tied
    }
    tied = [replace(row, file=replace(row.file, chunks=files[row.repository, row.file.state.path])) for row in tied]
    await write(store, tied)
    async with store._pool.acquire(store.namespace.database) as connection:
        # Rows lie on disk in another order than their ids.
        for table in ("chunk_embeddings", "chunk_terms"):
            await connection.execute(
                f"UPDATE {quote(store.namespace.schema)}.{table} SET chunk_id = chunk_id "
                f"WHERE chunk_id <= (SELECT avg(chunk_id) FROM {quote(store.namespace.schema)}.{table})"
            )
    everything = await store.retrieve(RetrievalQuery(vector=_vector(0), terms={"tied": 1.0}, per_arm=500))
    first = sorted(candidate.id for candidate in everything.candidates)[:5]
    for query in (
        RetrievalQuery(vector=_vector(0), per_arm=5),
        RetrievalQuery(terms={"tied": 1.0}, per_arm=5),
        RetrievalQuery(vector=_vector(0), terms={"tied": 1.0}, per_arm=5, filters=Filters(path_globs=("**",))),
    ):
        assert sorted(candidate.id for candidate in (await store.retrieve(query)).candidates) == first


async def test_an_empty_project_answers_with_nothing(store: ProjectStore) -> None:
    found = await store.retrieve(RetrievalQuery(vector=_vector(0), terms={"x": 1.0}, names=("x",), paths=("x",)))
    assert (list(found.candidates), dict(found.repositories)) == ([], {})
    assert found.idf == {"x": pytest.approx(log(2))}


async def test_unknown_terms_and_no_vector_find_nothing_and_fail_nothing(store: ProjectStore) -> None:
    await write(store, corpus(3))
    found = await store.retrieve(RetrievalQuery(terms={"unheard": 1.0, "of": 2.0}))
    assert list(found.candidates) == []
    assert found.missing_arms == {"dense"}
    assert set(found.repositories) == {"first", "second"}
    nothing = await store.retrieve(RetrievalQuery())
    assert (list(nothing.candidates), nothing.idf) == ([], {})
    silent = await store.retrieve(RetrievalQuery(vector=np.zeros(DIMENSIONS, np.float32), terms={"word1": 1.0}))
    assert silent.candidates
    assert all(c.dense is None for c in silent.candidates)


@pytest.mark.parametrize("odd", ["a'b", 'a"b', "a\\b", "{a,b}", "NULL", "", "a\nb", "ü🙂", "%", "_", "$1"])
async def test_odd_words_are_values_not_sql(store: ProjectStore, odd: str) -> None:
    await write(store, corpus(4))
    filters = Filters(repositories=frozenset({odd}), languages=frozenset({odd}), path_globs=(odd,))
    for chosen in (Filters(), filters, Filters(path_globs=(f"{odd}[(*+?.|^$",))):
        query = RetrievalQuery(vector=_vector(1), terms={odd: 1.0}, names=(odd,), paths=(odd,), filters=chosen)
        assert set((await store.retrieve(query)).idf) == {odd}


async def test_a_search_is_one_round_trip(store: ProjectStore) -> None:
    await write(store, corpus(5))
    query = RetrievalQuery(vector=_vector(1), terms={"word1": 1.0}, names=("pool",), paths=("pool.py",))
    await store.retrieve(query)
    seen: list[str] = []
    async with store._pool.acquire(store.namespace.database) as connection:
        connection.add_query_logger(lambda record: seen.append(record.query))
    seen.clear()
    await store.retrieve(query)
    await asyncio.sleep(0)  # loggers are told a turn later
    assert len(seen) == 1


async def test_the_plan_of_a_search_is_kept_until_the_project_has_doubled(store: ProjectStore) -> None:
    rows = corpus(6)
    await write(store, rows[: len(rows) // 4])
    for seed in range(8):
        await store.retrieve(RetrievalQuery(vector=_vector(seed), terms={"word1": 1.0}, names=("pool",), paths=("a",)))
    assert await _plans(store) == [(1, 0), (5, 2)]  # the first answer says how large the project is
    await write(store, rows)
    for seed in range(2):
        await store.retrieve(RetrievalQuery(vector=_vector(seed), terms={"word1": 1.0}))
    assert (await _plans(store))[-2:] == [(1, 0), (1, 0)]  # on the writer's connection


async def _plans(store: ProjectStore) -> list[tuple[int, int]]:
    """Return how often each statement of a search was planned anew, and how often a kept plan was used."""
    async with store._pool.acquire(store.namespace.database) as connection:
        rows = await connection.fetch(
            "SELECT custom_plans, generic_plans FROM pg_prepared_statements "
            "WHERE statement LIKE 'WITH%-- For at most % chunks%' ORDER BY prepare_time"
        )
    return [(row["custom_plans"], row["generic_plans"]) for row in rows]
