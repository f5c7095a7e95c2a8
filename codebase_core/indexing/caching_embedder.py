"""Ask an embedder only for what is not known: no text twice, none that was embedded before; retry when it fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from codebase_core.errors import EmbedderUnavailable
from codebase_core.retry import retry

from .features import text_hash
from .vectors import check_vectors

if TYPE_CHECKING:
    from codebase_core_hookspecs import Embedder, EmbedderIdentity
    from numpy import float32
    from numpy.typing import NDArray

    from .progress import Progress
    from .vector_cache import VectorCache

logger = logging.getLogger(__name__)

PIECE = 256
"""Texts that are embedded at a time, and then kept: what an interrupted run loses at most."""

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before a piece that failed is tried again."""


class CachingEmbedder:
    """An embedder that asks another one only for what it has to. ``progress`` counts both."""

    def __init__(self, embedder: Embedder, cache: VectorCache | None, progress: Progress) -> None:
        self._embedder = embedder
        self._cache = cache
        self._progress = progress

    @property
    def identity(self) -> EmbedderIdentity:
        """The embedder's own."""
        return self._embedder.identity

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[float32]:
        """Return float32 ``(n, d)``; raise EmbedderUnavailable when a piece goes on failing. What came before is kept."""
        hashes = [text_hash(text) for text in texts]
        wanted = dict(zip(hashes, texts, strict=True))
        known = dict(await asyncio.to_thread(self._cache.get, list(wanted))) if self._cache is not None else {}
        # Longest first, so that texts of like length meet in a batch, and one that is too large for memory says so at once.
        missing = sorted(wanted.keys() - known.keys(), key=lambda each: (-len(wanted[each]), each))
        for start in range(0, len(missing), PIECE):
            piece = missing[start : start + PIECE]
            rows = await self._patiently([wanted[each] for each in piece])
            known |= zip(piece, rows, strict=True)
            if self._cache is not None:
                await asyncio.to_thread(self._cache.put, piece, rows)
        self._progress.embedded += len(missing)
        self._progress.reused += len(texts) - len(missing)
        return (
            np.stack([known[each] for each in hashes]) if texts else np.empty((0, self.identity.dimensions), np.float32)
        )

    async def embed_query(self, text: str) -> NDArray[float32]:
        """Return float32 ``(d,)``; queries are not kept."""
        return await self._embedder.embed_query(text)

    async def aclose(self) -> None:
        """Nothing to close: the embedder belongs to who opened it."""

    async def _patiently(self, texts: Sequence[str]) -> NDArray[float32]:
        return await retry(
            lambda _: self._once(texts),
            on=(EmbedderUnavailable,),
            pauses=PAUSES,
            notice=lambda exc, pause: logger.warning("embedding failed and is tried again in %g s: %s", pause, exc),
        )

    async def _once(self, texts: Sequence[str]) -> NDArray[float32]:
        rows = np.array(await self._embedder.embed_documents(texts), dtype=np.float32)
        check_vectors(rows, rows=len(texts), embedder=self._embedder)
        return rows
