"""Retrieval, compared with a plain computation from the same rows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from itertools import count
from typing import Any

import numpy as np
import pytest
from codebase_core_hookspecs import (
    Arm,
    Batch,
    Candidate,
    ChunkId,
    Filters,
    IndexedFile,
    ProjectStore,
    Retrieval,
    RetrievalQuery,
    StorePlugin,
)
from numpy.typing import NDArray

from codebase_core.testing.fakes.index import Index, numbered

from .base import Place, StoreKit, needs
from .content import DIMENSIONS, MAIL, SHOP, corpus, file, manifest, symbol, write

ODD = ("a'b", 'a"b', "a\\b", "{a,b}", "NULL", "", "a\nb", "ü🙂", "%", "_", "$1", "[(*+?.|^$", "*", "(?i)")
FILTERS = (
    Filters(),
    Filters(repositories=frozenset({MAIL.name})),
    Filters(languages=frozenset({"go"})),
    Filters(path_globs=("a", "*.md")),
    Filters(path_globs=("**/*.py",), without_roles=frozenset({"test", "docs"})),
    Filters(roles=frozenset({"test", "docs"})),
    Filters(roles=frozenset({"test", "docs"}), without_roles=frozenset({"docs"})),
    Filters(path_globs=("a/*.py",)),
    Filters(path_globs=("{a,b}/**/[!x-z]*.{py,md}", "[a-]", "[id]*.go")),
    Filters(path_globs=("a/**",), languages=frozenset({"python", "go"})),
    Filters(repositories=frozenset({"nowhere"})),
)
CLOSE = 2e-3
"""How far scores may be from those of a plain computation: vectors may be kept in half precision."""


class Reading(StoreKit):
    """``retrieve`` and ``passages``."""

    async def test_candidates_and_scores_are_those_of_a_plain_computation(
        self, plugin: StorePlugin, opened: ProjectStore
    ) -> None:
        """Every arm, cut where it should be, both scores for every candidate, frequencies over the whole project."""
        files = corpus(1)
        await _write(opened, files)
        for seed in range(12):
            chance = random.Random(seed)  # noqa: S311 - for tests
            query = RetrievalQuery(
                vector=_vector(seed),
                terms={term: float(chance.randrange(1, 4)) for term in [*_words(chance, 4), "unheard"]},
                names=tuple(chance.sample(["pool", "acquire", "tree", "walk"], 2)),
                paths=("pool.py", "b/pool.go"),
                per_arm=chance.choice([1, 3, 10, 500]),
                filters=FILTERS[0],
            )
            _agree(await opened.retrieve(query), _plain(files, query), arms=_arms(plugin))

    async def test_every_candidate_meets_the_filters(self, plugin: StorePlugin, opened: ProjectStore) -> None:
        """By repository, language, path and role; and none that meets them is missing."""
        files = corpus(2)
        await _write(opened, files)
        for seed, filters in enumerate(FILTERS):
            query = RetrievalQuery(
                vector=_vector(seed),
                terms=dict.fromkeys(_words(random.Random(seed), 6), 1.0),  # noqa: S311 - for tests
                names=("pool", "walk"),
                paths=("pool.py",),
                per_arm=10,
                filters=filters,
            )
            _agree(await opened.retrieve(query), _plain(files, query), arms=_arms(plugin))

    async def test_as_many_as_there_are_is_enough(self, opened: ProjectStore) -> None:
        """Asked for more candidates than there are chunks."""
        await write(opened, file("a.py", "pool\n"), file("b.py", "pool\n"))
        found = await opened.retrieve(RetrievalQuery(vector=_embedded("pool"), terms={"pool": 1.0}, per_arm=100_000))
        assert {each.path for each in found.candidates} == {"a.py", "b.py"}

    async def test_ties_are_cut_by_id(self, opened: ProjectStore) -> None:
        """The same way every time, by whichever arm, filtered or not."""
        await write(opened, *(file(f"{n}.py", "pool\n", symbols=[symbol("pool")]) for n in range(30)))
        await write(opened, file("3.py", "pool\n", symbols=[symbol("pool")], version=2))  # its id is the highest now
        whole = await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}, per_arm=100))
        first = sorted(each.id for each in whole.candidates)[:5]
        for filters in (Filters(), Filters(path_globs=("**",))):
            for chosen in ({"vector": _embedded("pool")}, {"terms": {"pool": 1.0}}):
                query = RetrievalQuery(per_arm=5, filters=filters, **chosen)
                assert sorted(each.id for each in (await opened.retrieve(query)).candidates) == first

    async def test_an_empty_project_answers_with_nothing(self, opened: ProjectStore) -> None:
        """No candidate is an answer, and every term has its idf."""
        query = RetrievalQuery(vector=_vector(0), terms={"x": 1.0}, names=("x",), paths=("x",))
        found = await opened.retrieve(query)
        assert (list(found.candidates), dict(found.repositories)) == ([], {})
        assert found.idf == {"x": pytest.approx(np.log(2))}

    async def test_a_question_of_nothing_finds_nothing(self, opened: ProjectStore) -> None:
        """Unknown terms, no vector, a vector of zeros."""
        await write(opened, file("a.py", "pool\n"))
        unknown = await opened.retrieve(RetrievalQuery(terms={"unheard": 1.0}))
        assert list(unknown.candidates) == []
        assert unknown.missing_arms == {"dense"}
        assert list((await opened.retrieve(RetrievalQuery())).candidates) == []
        silent = await opened.retrieve(RetrievalQuery(vector=np.zeros(DIMENSIONS, np.float32), terms={"pool": 1.0}))
        assert [(each.path, each.dense) for each in silent.candidates] == [("a.py", None)]
        assert not (await opened.retrieve(RetrievalQuery(vector=_vector(1)))).missing_arms

    async def test_odd_words_are_values(self, opened: ProjectStore) -> None:
        """Whatever somebody types, in every part of a question."""
        await write(opened, file("a.py", "pool\n", symbols=[symbol("pool")]))
        for odd in ODD:
            named = frozenset({odd})
            for filters in (
                Filters(),
                Filters(repositories=named, languages=named, path_globs=(odd,), without_roles=named, roles=named),
            ):
                query = RetrievalQuery(vector=_vector(1), terms={odd: 1.0}, names=(odd,), paths=(odd,), filters=filters)
                assert set((await opened.retrieve(query)).idf) == {odd}, odd

    @needs("symbols")
    async def test_a_candidate_says_which_of_the_names_it_defines(self, opened: ProjectStore) -> None:
        """Whatever their case, and no others."""
        held = [symbol("Pool", kind="class"), symbol("acquire", line=2), symbol("release", line=3)]
        await write(opened, file("a.py", "class Pool:\n", symbols=held), file("b.py", "pass\n"))
        (found,) = (await opened.retrieve(RetrievalQuery(names=("pool", "acquire")))).candidates
        assert (found.path, found.symbols) == ("a.py", tuple(held[:2]))
        assert found.arms == {"symbol"}

    async def test_a_path_finds_the_beginning_of_its_file(self, opened: ProjectStore) -> None:
        """By its end, from a slash on."""
        await write(opened, *(file(path, "first\n", "second\n") for path in ("a/pool.py", "pool.py", "a/my_pool.py")))
        found = (await opened.retrieve(RetrievalQuery(paths=("pool.py",)))).candidates
        assert {(each.path, each.span.start_line) for each in found} == {("a/pool.py", 1), ("pool.py", 1)}
        assert {each.path for each in (await opened.retrieve(RetrievalQuery(paths=("a/pool.py",)))).candidates} == {
            "a/pool.py"
        }

    async def test_a_passage_is_the_text_with_what_it_defines_and_the_state_of_its_file(
        self, plugin: StorePlugin, opened: ProjectStore
    ) -> None:
        """Ids that vanished are absent."""
        held = symbol("pool")
        await write(opened, file("a.py", "def pool():\n", symbols=[held]))
        (found,) = (await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))).candidates
        passages = await opened.passages([found.id, ChunkId(found.id + 1_000_000)])
        assert list(passages) == [found.id]
        assert (passages[found.id].text, passages[found.id].file) == ("def pool():\n", file("a.py").state)
        assert passages[found.id].symbols == ((held,) if "symbols" in plugin.supports else ())
        await write(opened, removed=["a.py"])
        assert dict(await opened.passages([found.id])) == {}

    async def test_statistics_count_what_is_there(self, plugin: StorePlugin, opened: ProjectStore) -> None:
        """Files, chunks, definitions, chunks without a vector, bytes, languages."""
        await write(
            opened, file("a.py", "def pool():\n", "...\n", symbols=[symbol("pool")]), file("b", "x\n", language=None)
        )
        counted = await opened.statistics()
        assert (counted.files, counted.chunks, counted.without_vector) == (2, 3, 1)
        assert counted.bytes_seen == counted.bytes_chunked == len("def pool():\n...\nx\n")
        assert dict(counted.languages) == {"python": 1, "other": 1}
        assert counted.symbols == (1 if "symbols" in plugin.supports else 0)
        assert [each.name for each in counted.repositories] == [SHOP.name]

    async def test_many_may_ask_at_once(self, opened: ProjectStore) -> None:
        """Each gets the answer to its own question."""
        await write(opened, *(file(f"{n}.py", f"topic{n}\n") for n in range(40)))
        asked = [RetrievalQuery(terms={f"topic{n % 40}": 1.0}) for n in range(120)]
        answers = await asyncio.gather(*(opened.retrieve(query) for query in asked))
        assert [[each.path for each in found.candidates] for found in answers] == [[f"{n % 40}.py"] for n in range(120)]

    async def test_it_answers_after_questions_were_cancelled(self, opened: ProjectStore) -> None:
        """Nothing of them is left on a connection."""
        await write(opened, file("a.py", "pool\n"))
        query = RetrievalQuery(terms={"pool": 1.0}, vector=_embedded("pool"))
        for delay in (0.0, 0.0005, 0.001, 0.002, 0.005):
            calls = [asyncio.ensure_future(opened.retrieve(query)) for _ in range(5)]
            await asyncio.sleep(delay)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            async with asyncio.timeout(30):
                assert [each.path for each in (await opened.retrieve(query)).candidates] == ["a.py"]

    async def test_a_project_without_an_embedder_is_searched_by_words(self, place: Place) -> None:
        """A manifest may name no model."""
        from dataclasses import replace  # noqa: PLC0415

        await place.store.drop(place.binding, project=place.project)
        await place.store.provision(place.binding, replace(manifest(place.project), embedder=None))
        opened = await place.open()
        assert opened.manifest.embedder is None
        wordy = file("a.py", "pool\n")
        await write(opened, replace(wordy, chunks=tuple(replace(each, vector=None) for each in wordy.chunks)))
        assert [c.path for c in (await opened.retrieve(RetrievalQuery(terms={"pool": 1.0}))).candidates] == ["a.py"]


async def _write(opened: ProjectStore, files: Mapping[str, list[IndexedFile]]) -> None:
    for source in (SHOP, MAIL):
        async with opened.writing(source, scope=()) as writer:
            await writer.apply(Batch(replaced=tuple(files[source.name])))
            await writer.finish(outcome="done", detail={})


def _plain(files: Mapping[str, list[IndexedFile]], query: RetrievalQuery) -> Retrieval:
    ids = count(1)
    rows = {(name, each.state.path): numbered(name, each, ids) for name, held in files.items() for each in held}
    index = Index(manifest=None, files=rows)  # type: ignore[arg-type]
    return index.retrieve(query, repositories={})


def _arms(plugin: StorePlugin) -> frozenset[Arm]:
    declared: dict[Arm, str] = {"dense": "dense", "lexical": "lexical", "symbol": "symbols"}
    return frozenset({"path", *(arm for arm, capability in declared.items() if capability in plugin.supports)})


def _agree(found: Retrieval, wanted: Retrieval, *, arms: frozenset[Arm]) -> None:
    assert found.idf == pytest.approx(wanted.idf, abs=1e-4)
    assert set(found.repositories) == {SHOP.name, MAIL.name}
    known, expected = ({_key(c): c for c in each.candidates} for each in (found, wanted))
    assert len(known) == len(found.candidates), "a chunk is a candidate once"
    for arm in sorted(arms):
        here = {key for key, each in known.items() if arm in each.arms}
        there = {key for key, each in expected.items() if arm in each.arms}
        for key in here ^ there:  # only what lies on the border may differ
            each = known.get(key) or expected[key]
            score = {"dense": each.dense, "lexical": each.lexical}.get(arm)
            border = min((_score(expected[each], arm) for each in there), default=None)
            assert score is not None, f"{arm}: {key}"
            assert border is not None, f"{arm}: {key}"
            assert abs(score - border) < CLOSE, f"{arm}: {key} has {score}, the last one {border}"
        assert len(here) == len(there), f"{arm}: {len(here)} candidates instead of {len(there)}"
    for key, each in known.items():
        if key in expected:
            for score, right in (
                (each.dense, expected[key].dense),
                (each.lexical or 0.0, expected[key].lexical or 0.0),
            ):
                assert score == (None if right is None else pytest.approx(right, abs=CLOSE)), f"{key}"


def _score(candidate: Candidate, arm: Arm) -> float:
    return float((candidate.dense if arm == "dense" else candidate.lexical) or 0.0)


def _key(candidate: Candidate) -> tuple[str, str, int]:
    return candidate.repository, candidate.path, candidate.span.start_line


def _words(chance: random.Random, number: int) -> list[str]:
    return chance.sample([f"word{each}" for each in range(25)], number)


def _vector(seed: int) -> NDArray[Any]:
    vector = np.random.default_rng(1000 + seed).normal(size=DIMENSIONS).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector))


def _embedded(text: str) -> NDArray[Any] | None:
    return file("q", text).chunks[0].vector
