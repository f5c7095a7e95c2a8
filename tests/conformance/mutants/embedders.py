"""Wrong embedders."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from codebase_core.testing import EmbedderConformance
from codebase_core.testing.fakes.embedder import HASH_EMBEDDER, HashEmbedder

from . import caught_by


class Suite(EmbedderConformance):
    """The kit over the fake."""

    @pytest.fixture
    def wrong(self):
        return HashEmbedder

    @pytest.fixture
    def plugin(self, wrong):
        """A mutant is an embedder's class, or a function that opens one."""
        opening = wrong if asyncio.iscoroutinefunction(wrong) else partial(_opened, wrong)
        return replace(HASH_EMBEDDER, open=opening)


async def _opened(wrong, context, model):
    await HASH_EMBEDDER.open(context, model)
    return wrong()


caught = partial(caught_by, Suite)


@caught("test_its_identity_names_the_plugin_and_the_model")
class OfNoRevision(HashEmbedder):
    identity = replace(HashEmbedder.identity, revision="")


@caught("test_its_identity_names_the_plugin_and_the_model")
class OfAnotherPlugin(HashEmbedder):
    identity = replace(HashEmbedder.identity, plugin="acme")


@caught("test_the_model_it_names_opens_the_same_again")
async def forgets_its_default(context, model):
    opened = HashEmbedder()
    if model is None:
        opened.identity = replace(opened.identity, revision="2")
    return opened


@caught("test_an_unknown_model_is_unavailable")
async def takes_any_model(context, model):
    return HashEmbedder()


@caught("test_rows_are_float32_of_the_length_that_the_identity_says")
class Doubles(HashEmbedder):
    async def embed_documents(self, texts):
        return (await super().embed_documents(texts)).astype(np.float64)


@caught("test_rows_are_float32_of_the_length_that_the_identity_says")
class Shorter(HashEmbedder):
    identity = replace(HashEmbedder.identity, dimensions=63)

    def embed(self, text):
        return super().embed(text)[:60] if text else super().embed(text)

    async def embed_documents(self, texts):
        return np.array([HashEmbedder().embed(text) for text in texts])


@caught("test_rows_have_unit_length")
class Unscaled(HashEmbedder):
    def embed(self, text):
        return super().embed(text) * 2


@caught("test_no_texts_give_no_rows")
class FailsForNothing(HashEmbedder):
    async def embed_documents(self, texts):
        return np.stack([self.embed(text) for text in texts]) if texts else np.zeros(0, np.float32)


@caught("test_every_text_has_a_row_in_its_place")
class DropsTheLast(HashEmbedder):
    async def embed_documents(self, texts):
        return (await super().embed_documents(texts))[: max(len(texts) - 1, 5)]


@caught("test_every_text_has_a_row_in_its_place")
class SwapsRowsAcrossABatch(HashEmbedder):
    async def embed_documents(self, texts):
        rows = await super().embed_documents(texts)
        if len(rows) > 64:
            rows[[63, 64]] = rows[[64, 63]]
        return rows


@caught("test_a_text_has_the_same_vector_alone_and_in_company")
class PadsIntoNeighbours(HashEmbedder):
    async def embed_documents(self, texts):
        longest = max((len(text) for text in texts), default=0)
        return await super().embed_documents([f"{text} padded {longest}" for text in texts])


@caught("test_the_same_texts_give_the_same_rows_after_opening_again")
class OfRandomWeights(HashEmbedder):
    def __init__(self):
        self.salt = id(self)

    def embed(self, text):
        return super().embed(f"{text} {self.salt}" * bool(text))


@caught("test_odd_texts_give_a_unit_row_or_zeros")
class DividesByZero(HashEmbedder):
    async def embed_documents(self, texts):
        rows = await super().embed_documents(texts)
        rows[~rows.any(axis=1)] = np.nan
        return rows


@caught("test_odd_queries_give_a_unit_vector_or_zeros")
class RefusesBlanks(HashEmbedder):
    async def embed_query(self, text):
        vector = await super().embed_query(text)
        return vector if vector.any() else vector + 1


@caught("test_a_query_is_one_unit_vector")
class AnswersWithAMatrix(HashEmbedder):
    async def embed_query(self, text):
        return self.embed(text)[None, :]


@caught("test_a_text_is_nearest_to_itself")
class AsksInAnotherSpace(HashEmbedder):
    async def embed_query(self, text):
        return self.embed(text)[::-1].copy()


@caught("test_tasks_do_not_disturb_each_other")
class SharesABuffer(HashEmbedder):
    async def embed_documents(self, texts):
        self.texts = texts
        await asyncio.sleep(0)
        return await super().embed_documents(self.texts)


@caught("test_it_answers_after_a_call_was_cancelled")
class StaysLocked(HashEmbedder):
    busy = False

    async def embed_documents(self, texts):
        self.busy = True
        await asyncio.sleep(0.01)
        self.busy = False
        return await super().embed_documents(texts)

    async def embed_query(self, text):
        if self.busy:
            raise RuntimeError("busy")
        return self.embed(text)


@caught("test_an_answer_belongs_to_the_caller")
class KeepsItsAnswers(HashEmbedder):
    def __init__(self):
        self.kept = {}

    async def embed_query(self, text):
        return self.kept.setdefault(text, self.embed(text))


@caught("test_closing_twice_is_allowed")
class ClosesOnce(HashEmbedder):
    closed = False

    async def aclose(self):
        assert not self.closed, "closed already"
        self.closed = True
