"""An embedder that needs no model: texts that share words have similar vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from codebase_core_hookspecs import EmbedderIdentity, EmbedderPlugin, EmbedderUnavailable, PluginContext
from numpy.typing import NDArray

DIMENSIONS = 64
_WORD = re.compile(r"[^\W_]+")


class HashEmbedder:
    """A text is the sum of one fixed random direction for each of its words; a text without words is a row of zeros."""

    identity = EmbedderIdentity(plugin="hash", model="words", revision="1", dimensions=DIMENSIONS)

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 ``(n, 64)``."""
        rows = np.zeros((len(texts), self.identity.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self.embed(text)
        return rows

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return float32 ``(64,)``."""
        return self.embed(text)

    async def aclose(self) -> None:
        """Hold nothing."""

    def embed(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a text, at once."""
        total = np.zeros(self.identity.dimensions, dtype=np.float32)
        for word in _WORD.findall(text.lower()):
            seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
            total += np.random.default_rng(seed).standard_normal(self.identity.dimensions, dtype=np.float32)
        length = float(np.linalg.norm(total))
        return total / np.float32(length) if length else total


async def open_hash_embedder(_context: PluginContext, model: str | None) -> HashEmbedder:
    """Open the one model there is."""
    if model not in (None, HashEmbedder.identity.model):
        raise EmbedderUnavailable(f"the hash embedder has no model {model!r}", hint="leave the model out")
    return HashEmbedder()


HASH_EMBEDDER = EmbedderPlugin(
    name="hash",
    summary="Random directions, one a word",
    open=open_hash_embedder,
    cache_vectors=False,
)
