"""Embedding: text to vectors, with an identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderIdentity:
    """What must agree for two vectors to be comparable. A project pins one in its manifest.

    ``revision`` is a digest, a commit or a file hash: the same name with other weights is another model.
    """

    plugin: str
    model: str
    revision: str
    dimensions: int


class Embedder(Protocol):
    """Turn texts into unit vectors of one model.

    Rows come in the order of the texts. A row of zeros means that there is nothing to embed and is stored as no vector.
    """

    @property
    def identity(self) -> EmbedderIdentity:
        """Which model this is; known without loading its weights where that is possible."""
        ...

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[float32]:
        """Return float32 ``(n, d)`` with unit rows; raise EmbedderUnavailable, never a partial answer."""
        ...

    async def embed_query(self, text: str) -> NDArray[float32]:
        """Return float32 ``(d,)`` of unit length; raise EmbedderUnavailable, never an empty answer."""
        ...

    async def aclose(self) -> None:
        """Release what the embedder holds. Closing twice is allowed."""
        return None
