"""What every embedder must hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest
import pytest_asyncio
from codebase_core_hookspecs import Embedder, EmbedderIdentity, EmbedderPlugin, EmbedderUnavailable, PluginContext
from numpy.typing import NDArray

from .base import Conformance, says_what_to_do

TOPICS = (
    "open a connection and keep it in a pool",
    "parse a regular expression into a tree",
    "draw a button on the screen",
    "hash the password of a user",
    "sort the invoices of a customer by date",
)
ODD = ("", " ", "\n\n\t", "x" * 200_000, "word " * 20_000, "naïve café 数据库 🙂", "\x07\x1b[31m\ufffd", "}{)(", "0")
LENGTH = 1e-3
"""How far from 1 the length of a row may be; half precision gives 5e-4."""


def texts(count: int) -> list[str]:
    """Return as many different texts, more than any batch holds."""
    return [
        f"{TOPICS[number % len(TOPICS)]}, case {number} of module m{number * 7919 % 1009}" for number in range(count)
    ]


class EmbedderConformance(Conformance):
    """Vectors of unit length, one for each text, in order, always the same."""

    @pytest.fixture
    def model(self) -> str | None:
        """The model to open, None for the default one."""
        return None

    @pytest_asyncio.fixture
    async def embedder(
        self, plugin: EmbedderPlugin, context: PluginContext, model: str | None
    ) -> AsyncIterator[Embedder]:
        """The embedder, opened."""
        opened = await plugin.open(context, model)
        yield opened
        await opened.aclose()

    async def test_its_identity_names_the_plugin_and_the_model(
        self, plugin: EmbedderPlugin, embedder: Embedder
    ) -> None:
        """A project pins it: every part must be there."""
        identity = embedder.identity
        assert isinstance(identity, EmbedderIdentity)
        assert identity.plugin == plugin.name
        assert identity.model
        assert identity.revision
        assert identity.dimensions > 0

    async def test_the_model_it_names_opens_the_same_again(
        self, plugin: EmbedderPlugin, context: PluginContext, embedder: Embedder
    ) -> None:
        """Projects are opened by the pinned name; another identity would be an error there."""
        again = await plugin.open(context, embedder.identity.model)
        assert again.identity == embedder.identity
        await again.aclose()

    async def test_an_unknown_model_is_unavailable(self, plugin: EmbedderPlugin, context: PluginContext) -> None:
        """At the latest when it is used, with a hint."""
        with pytest.raises(EmbedderUnavailable) as caught:
            await (await plugin.open(context, "no-such-model-anywhere")).embed_query("x")
        assert says_what_to_do(caught.value)

    async def test_rows_are_float32_of_the_length_that_the_identity_says(self, embedder: Embedder) -> None:
        """A store makes its tables for that length."""
        rows = await embedder.embed_documents(TOPICS)
        assert isinstance(rows, np.ndarray)
        assert rows.dtype == np.float32
        assert rows.shape == (len(TOPICS), embedder.identity.dimensions)

    async def test_rows_have_unit_length(self, embedder: Embedder) -> None:
        """Then the dot product is the cosine."""
        assert np.linalg.norm(await embedder.embed_documents(TOPICS), axis=1) == pytest.approx(1, abs=LENGTH)

    async def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        """An empty batch is nothing special."""
        assert (await embedder.embed_documents([])).shape == (0, embedder.identity.dimensions)

    async def test_every_text_has_a_row_in_its_place(self, embedder: Embedder) -> None:
        """Also across the borders of batches: reversed texts give reversed rows."""
        asked = texts(150)
        rows, reversed_rows = await embedder.embed_documents(asked), await embedder.embed_documents(asked[::-1])
        assert len(rows) == len(asked)
        assert _agree(rows, reversed_rows[::-1])

    async def test_a_text_has_the_same_vector_alone_and_in_company(self, embedder: Embedder) -> None:
        """A row is a function of its text, whatever is embedded with it: padding must not leak."""
        together = await embedder.embed_documents([*TOPICS, "long " * 300])
        alone = [await embedder.embed_documents([text]) for text in TOPICS]
        assert _agree(together[: len(TOPICS)], np.concatenate(alone))

    async def test_the_same_texts_give_the_same_rows_after_opening_again(
        self, plugin: EmbedderPlugin, context: PluginContext, model: str | None, embedder: Embedder
    ) -> None:
        """Vectors of last week are compared with those of today."""
        again = await plugin.open(context, model)
        try:
            assert _agree(await embedder.embed_documents(TOPICS), await again.embed_documents(TOPICS))
        finally:
            await again.aclose()

    async def test_odd_texts_give_a_unit_row_or_zeros(self, embedder: Embedder) -> None:
        """Empty, blank, endless, foreign, control characters: zeros mean that there is nothing to embed, and nothing is NaN."""
        rows = await embedder.embed_documents(ODD)
        assert np.isfinite(rows).all()
        lengths = np.linalg.norm(rows, axis=1)
        for text, length in zip(ODD, lengths, strict=True):
            assert length == 0 or abs(length - 1) <= LENGTH, f"{text[:20]!r} has length {length}"

    async def test_odd_queries_give_a_unit_vector_or_zeros(self, embedder: Embedder) -> None:
        """Whatever somebody types."""
        for text in ODD:
            vector = await embedder.embed_query(text)
            assert np.isfinite(vector).all(), f"{text[:20]!r}"
            length = float(np.linalg.norm(vector))
            assert length == 0 or abs(length - 1) <= LENGTH, f"{text[:20]!r} has length {length}"

    async def test_a_query_is_one_unit_vector(self, embedder: Embedder) -> None:
        """Not a matrix of one row."""
        vector = await embedder.embed_query(TOPICS[0])
        assert vector.dtype == np.float32
        assert vector.shape == (embedder.identity.dimensions,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=LENGTH)

    async def test_a_text_is_nearest_to_itself(self, embedder: Embedder) -> None:
        """Asked as a query, among other topics."""
        rows = await embedder.embed_documents(TOPICS)
        nearest = [int(np.argmax(rows @ await embedder.embed_query(text))) for text in TOPICS]
        assert nearest == list(range(len(TOPICS)))

    async def test_tasks_do_not_disturb_each_other(self, embedder: Embedder) -> None:
        """An index run and searches share one embedder."""
        asked = texts(40)
        wanted = await embedder.embed_documents(asked)
        parts: Sequence[NDArray[np.float32]] = await asyncio.gather(
            *(embedder.embed_documents(asked[start : start + 5]) for start in range(0, len(asked), 5))
        )
        assert _agree(np.concatenate(parts), wanted)

    async def test_it_answers_after_a_call_was_cancelled(self, embedder: Embedder) -> None:
        """Ctrl-C in the middle of a batch leaves nothing locked."""
        wanted = await embedder.embed_query(TOPICS[0])
        call = asyncio.ensure_future(embedder.embed_documents(texts(60)))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with asyncio.timeout(60):
            assert _agree(await embedder.embed_query(TOPICS[0]), wanted)

    async def test_an_answer_belongs_to_the_caller(self, embedder: Embedder) -> None:
        """What a caller does with its rows must not change a later answer."""
        wanted = np.array(await embedder.embed_query(TOPICS[0]))
        mine = await embedder.embed_query(TOPICS[0])
        if mine.flags.writeable:
            mine[:] = 0
        assert _agree(await embedder.embed_query(TOPICS[0]), wanted)

    async def test_closing_twice_is_allowed(
        self, plugin: EmbedderPlugin, context: PluginContext, model: str | None
    ) -> None:
        """Whoever cleans up need not ask who did before."""
        opened = await plugin.open(context, model)
        await opened.aclose()
        await opened.aclose()


def _agree(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Tell whether vectors are the same but for what batches and threads do to the last digits."""
    return one.shape == other.shape and bool(np.allclose(one, other, atol=1e-3))
