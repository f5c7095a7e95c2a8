"""Wrong rerankers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from codebase_core_hookspecs import RerankerPassage

from codebase_core.testing import RerankerConformance
from codebase_core.testing.fakes.reranker import WORDS_RERANKER, WordsReranker

from . import caught_by


class Suite(RerankerConformance):
    """The kit over the fake."""

    @pytest.fixture
    def wrong(self):
        return WordsReranker

    @pytest.fixture
    def plugin(self, wrong):
        """A mutant is a reranker's class, or a function that opens one."""
        opening = wrong if asyncio.iscoroutinefunction(wrong) else partial(_opened, wrong)
        return replace(WORDS_RERANKER, open=opening)


async def _opened(wrong, context, model):
    await WORDS_RERANKER.open(context, model)
    return wrong()


caught = partial(caught_by, Suite)


@caught("test_its_identity_names_the_plugin_and_the_model")
class OfAnotherPlugin(WordsReranker):
    identity = replace(WordsReranker.identity, plugin="acme")


@caught("test_its_identity_names_the_plugin_and_the_model")
class OfNoRevision(WordsReranker):
    identity = replace(WordsReranker.identity, revision="")


@caught("test_an_unknown_model_is_unavailable")
async def takes_any_model(context, model):
    return WordsReranker()


@caught("test_every_passage_has_a_finite_float32_score")
class InDouble(WordsReranker):
    async def score(self, query, passages):
        return (await super().score(query, passages)).astype(np.float64)


@caught("test_every_passage_has_a_finite_float32_score")
class InAColumn(WordsReranker):
    async def score(self, query, passages):
        return (await super().score(query, passages))[:, None]


@caught("test_no_passages_have_no_scores")
class OfAtLeastOne(WordsReranker):
    async def score(self, query, passages):
        return await super().score(query, passages or [RerankerPassage("", "")])


@caught("test_the_passage_that_answers_has_the_highest_score")
class Reversed(WordsReranker):
    async def score(self, query, passages):
        return -(await super().score(query, passages))


@caught("test_every_score_is_in_its_place")
class SortedByLength(WordsReranker):
    async def score(self, query, passages):
        return await super().score(query, sorted(passages, key=lambda passage: len(passage.text)))


@caught("test_the_same_question_has_the_same_scores")
class Restless(WordsReranker):
    asked = 0

    async def score(self, query, passages):
        self.asked += 1
        return (await super().score(query, passages)) + np.float32(self.asked)


@caught("test_the_same_question_has_the_same_scores")
async def opens_another_each_time(context, model):
    await WORDS_RERANKER.open(context, model)
    opens_another_each_time.opened = opens_another_each_time.__dict__.get("opened", 0) + 1

    class Shifted(WordsReranker):
        shift = np.float32(opens_another_each_time.opened)

        async def score(self, query, passages):
            return (await super().score(query, passages)) + self.shift

    return Shifted()


@caught("test_odd_texts_have_finite_scores")
class DividesByWords(WordsReranker):
    async def score(self, query, passages):
        scores = await super().score(query, passages)
        words = np.array([len(passage.text.split()) for passage in passages], dtype=np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            return scores / words


@caught("test_odd_texts_have_finite_scores")
class NeedsAQuestion(WordsReranker):
    async def score(self, query, passages):
        scores = await super().score(query, passages)
        return scores if query.strip() else scores * np.float32("nan")


@caught("test_tasks_do_not_disturb_each_other")
class OfOneQuestionAtATime(WordsReranker):
    passages = ()

    async def score(self, query, passages):
        if self.passages:
            return np.zeros(len(passages), dtype=np.float32)
        self.passages = passages
        await asyncio.sleep(0)
        try:
            return await super().score(query, passages)
        finally:
            self.passages = ()


@caught("test_it_answers_after_a_call_was_cancelled")
class LockedForGood(WordsReranker):
    cancelled = False

    async def score(self, query, passages):
        if self.cancelled:
            return np.zeros(len(passages), dtype=np.float32)
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return await super().score(query, passages)


@caught("test_closing_twice_is_allowed")
class ClosedOnce(WordsReranker):
    closed = False

    async def aclose(self):
        assert not self.closed
        self.closed = True
