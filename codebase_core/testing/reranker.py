"""What every reranker must hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from codebase_core_hookspecs import (
    PluginContext,
    Reranker,
    RerankerIdentity,
    RerankerPassage,
    RerankerPlugin,
    RerankerUnavailable,
)

from .base import Conformance, says_what_to_do
from .embedder import ODD

QUERY = "open a connection and keep it in a pool"
PASSAGES = (
    RerankerPassage("def draw(self, screen):\n    screen.button(self.text)\n", "ui/button.py", "python"),
    RerankerPassage("def open_connection(self):\n    # keep a connection in the pool\n", "net/pool.py", "python"),
    RerankerPassage("fn hash(password: &str) -> String { todo!() }\n", "src/hash.rs", "rust"),
)
RIGHT = 1
"""The passage that answers."""


class RerankerConformance(Conformance):
    """A finite score for each passage, in order, soon, whatever the text is."""

    @pytest.fixture
    def model(self) -> str | None:
        """The model to open, None for the default one."""
        return None

    @pytest_asyncio.fixture
    async def reranker(
        self, plugin: RerankerPlugin, context: PluginContext, model: str | None
    ) -> AsyncIterator[Reranker]:
        """The reranker, opened."""
        opened = await plugin.open(context, model)
        yield opened
        await opened.aclose()

    async def test_its_identity_names_the_plugin_and_the_model(
        self, plugin: RerankerPlugin, reranker: Reranker
    ) -> None:
        """Figures are told apart by it."""
        identity = reranker.identity
        assert isinstance(identity, RerankerIdentity)
        assert identity.plugin == plugin.name
        assert identity.model
        assert identity.revision

    async def test_an_unknown_model_is_unavailable(self, plugin: RerankerPlugin, context: PluginContext) -> None:
        """At the latest when it is used, with a hint."""
        with pytest.raises(RerankerUnavailable) as caught:
            await (await plugin.open(context, "no-such-model-anywhere")).score(QUERY, PASSAGES)
        assert says_what_to_do(caught.value)

    async def test_every_passage_has_a_finite_float32_score(self, reranker: Reranker) -> None:
        """One number each."""
        scores = await reranker.score(QUERY, PASSAGES)
        assert isinstance(scores, np.ndarray)
        assert scores.dtype == np.float32
        assert scores.shape == (len(PASSAGES),)
        assert np.isfinite(scores).all()

    async def test_no_passages_have_no_scores(self, reranker: Reranker) -> None:
        """An empty answer is nothing special."""
        assert (await reranker.score(QUERY, [])).shape == (0,)

    async def test_the_passage_that_answers_has_the_highest_score(self, reranker: Reranker) -> None:
        """Higher is better."""
        assert int(np.argmax(await reranker.score(QUERY, PASSAGES))) == RIGHT

    async def test_every_score_is_in_its_place(self, reranker: Reranker) -> None:
        """Also where passages are sorted by length or cut into batches: the right one wins wherever it stands."""
        padding = [RerankerPassage(f"count_{n} = {n}\n" * (n % 9 + 1), f"numbers/{n}.py", "python") for n in range(40)]
        for place in (0, 17, 40):
            passages = [*padding[:place], PASSAGES[RIGHT], *padding[place:]]
            assert int(np.argmax(await reranker.score(QUERY, passages))) == place

    async def test_the_same_question_has_the_same_scores(
        self, plugin: RerankerPlugin, context: PluginContext, model: str | None, reranker: Reranker
    ) -> None:
        """Asked twice, and after opening again: an order that changes by itself looks broken."""
        first = await reranker.score(QUERY, PASSAGES)
        assert np.allclose(first, await reranker.score(QUERY, PASSAGES))
        again = await plugin.open(context, model)
        try:
            assert np.allclose(first, await again.score(QUERY, PASSAGES))
        finally:
            await again.aclose()

    async def test_odd_texts_have_finite_scores(self, reranker: Reranker) -> None:
        """Empty, blank, endless, foreign, control characters; as a passage, as a path, and as the question."""
        scores = await reranker.score(QUERY, [RerankerPassage(text, "odd.txt") for text in ODD])
        assert np.isfinite(scores).all()
        for text in ODD:
            odd = await reranker.score(text, [*PASSAGES, RerankerPassage("x = 1\n", text[:1_000])])
            assert odd.shape == (len(PASSAGES) + 1,)
            assert np.isfinite(odd).all(), f"{text[:20]!r}"

    async def test_tasks_do_not_disturb_each_other(self, reranker: Reranker) -> None:
        """A server answers several people at once."""
        answers = await asyncio.gather(*(reranker.score(QUERY, PASSAGES) for _ in range(8)))
        assert all(np.allclose(answers[0], scores) for scores in answers)

    async def test_it_answers_after_a_call_was_cancelled(self, reranker: Reranker) -> None:
        """Core cancels a call that takes longer than its budget, and asks again at the next question."""
        wanted = await reranker.score(QUERY, PASSAGES)
        call = asyncio.ensure_future(reranker.score(QUERY, PASSAGES * 30))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with asyncio.timeout(60):
            assert np.allclose(await reranker.score(QUERY, PASSAGES), wanted)

    async def test_closing_twice_is_allowed(
        self, plugin: RerankerPlugin, context: PluginContext, model: str | None
    ) -> None:
        """Whoever cleans up need not ask who did before."""
        opened = await plugin.open(context, model)
        await opened.aclose()
        await opened.aclose()
