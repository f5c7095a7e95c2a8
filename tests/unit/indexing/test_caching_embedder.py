"""An embedder is asked once for a text, and again when it fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from codebase_core_hookspecs import EmbedderIdentity, EmbedderUnavailable

from codebase_core.indexing import caching_embedder as sparing
from codebase_core.indexing.caching_embedder import CachingEmbedder
from codebase_core.indexing.progress import Progress
from codebase_core.indexing.vector_cache import VectorCache


class Counting:
    """Embeds a text as its length and its first letter; fails as often as it is told."""

    identity = EmbedderIdentity(plugin="test", model="counting", revision="1", dimensions=2)

    def __init__(self, *, wrong: Sequence[object] = ()) -> None:
        self.calls: list[list[str]] = []
        self.wrong = list(wrong)

    async def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        self.calls.append(list(texts))
        answer = self.wrong.pop(0) if self.wrong else None
        if isinstance(answer, Exception):
            raise answer
        rows = np.array([[len(text), ord(text[:1] or "\0")] for text in texts], dtype=np.float32)
        return rows if answer is None else answer(rows)

    async def embed_query(self, text: str) -> np.ndarray:
        return (await self.embed_documents([text]))[0]

    async def aclose(self) -> None: ...


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparing, "PAUSES", (0.0, 0.0, 0.0))


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path / "vectors.sqlite", Counting.identity, most_bytes=1_000_000)


async def test_a_text_is_embedded_once_and_rows_stay_in_order(cache: VectorCache) -> None:
    embedder, progress = Counting(), Progress()
    spared = CachingEmbedder(embedder, cache, progress)
    rows = await spared.embed_documents(["bb", "a", "bb", "", "a"])
    assert rows.tolist() == [[2, 98], [1, 97], [2, 98], [0, 0], [1, 97]]
    assert embedder.calls == [["bb", "a", ""]]
    assert (progress.embedded, progress.reused) == (3, 2)
    assert progress.as_dict()["vectors"] == {"embedded": 3, "reused": 2}
    later = CachingEmbedder(embedder, cache, progress)
    assert (await later.embed_documents(["a", "ccc", "bb"])).tolist() == [[1, 97], [3, 99], [2, 98]]
    assert embedder.calls[1:] == [["ccc"]]
    assert (await later.embed_documents([])).shape == (0, 2)


async def test_without_a_cache_texts_of_one_batch_are_still_embedded_once() -> None:
    embedder = Counting()
    spared = CachingEmbedder(embedder, None, Progress())
    await spared.embed_documents(["a", "a"])
    await spared.embed_documents(["a"])
    assert embedder.calls == [["a"], ["a"]]


@pytest.mark.parametrize(
    "wrong",
    [EmbedderUnavailable("busy"), lambda rows: rows[:-1], lambda rows: rows * np.nan, lambda rows: rows[:, :1]],
)
async def test_what_fails_is_tried_again(cache: VectorCache, wrong: object) -> None:
    embedder = Counting(wrong=[wrong, wrong, wrong])
    rows = await CachingEmbedder(embedder, cache, Progress()).embed_documents(["a", "bb"])
    assert rows.tolist() == [[1, 97], [2, 98]]
    assert embedder.calls == [["bb", "a"]] * 4


async def test_what_goes_on_failing_stops_and_the_pieces_before_it_are_kept(
    cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparing, "PIECE", 2)
    embedder = Counting(wrong=[lambda rows: rows, *[EmbedderUnavailable("gone", hint="start it")] * 4])
    with pytest.raises(EmbedderUnavailable, match="gone") as failed:
        await CachingEmbedder(embedder, cache, Progress()).embed_documents(["a", "bb", "ccc", "dddd"])
    assert failed.value.hint == "start it"
    assert embedder.calls == [["dddd", "ccc"], *[["bb", "a"]] * 4]
    await CachingEmbedder(embedder, cache, Progress()).embed_documents(["a", "bb", "ccc", "dddd"])
    assert embedder.calls[5:] == [["bb", "a"]]


async def test_nothing_wrong_is_kept(cache: VectorCache) -> None:
    embedder = Counting(wrong=[lambda rows: rows * np.nan] * 4)
    with pytest.raises(EmbedderUnavailable, match="not finite"):
        await CachingEmbedder(embedder, cache, Progress()).embed_documents(["a"])
    assert (await CachingEmbedder(embedder, cache, Progress()).embed_documents(["a"])).tolist() == [[1, 97]]
