"""The embedder: put your model in the place of the one here, which only counts words."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from codebase_core_hookspecs import EmbedderIdentity, EmbedderUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL, DIMENSIONS = "words", 256
_WORD = re.compile(r"[^\W_]+")


class AcmeEmbedder:
    """Each word has a direction; a text is the sum of its words. A text without words is a row of zeros."""

    # A digest of the weights belongs into `revision`: the same name with other weights is another model.
    identity = EmbedderIdentity(plugin="acme", model=MODEL, revision="1", dimensions=DIMENSIONS)

    @classmethod
    def open(cls, model: str | None) -> AcmeEmbedder:
        """Open a model by name."""
        if model not in (None, MODEL):
            raise EmbedderUnavailable(f"acme has no model {model!r}", hint=f"the one there is: acme:{MODEL}")
        return cls()

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 ``(n, d)`` with unit rows, in the order of the texts, computed in a thread."""
        return await asyncio.to_thread(self._embed, list(texts))

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return float32 ``(d,)`` of unit length."""
        row: NDArray[np.float32] = (await self.embed_documents([text]))[0]
        return row

    async def aclose(self) -> None:
        """Hold nothing."""

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                number = zlib.crc32(word.encode())
                row[number % DIMENSIONS] += 1 if number >> 31 else -1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit
