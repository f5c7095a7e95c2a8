"""Reranking: a model that reads a query and a passage together, and says how well the passage answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankerIdentity:
    """Which model it is; ``revision`` is a digest of what its scores depend on."""

    plugin: str
    model: str
    revision: str


class RerankerPassage(NamedTuple):
    """A passage as it will be shown: its text, the path of its file from the root of its repository, and the language."""

    text: str
    path: str
    language: str | None = None


class Reranker(Protocol):
    """Score passages for a query."""

    @property
    def identity(self) -> RerankerIdentity:
        """Which model this is."""
        ...

    async def score(self, query: str, passages: Sequence[RerankerPassage]) -> NDArray[float32]:
        """Return float32 ``(n,)``: a finite score for each passage in order, higher for a better answer.

        Scores are compared within one call only, and a passage has the same score whatever else is asked about with it. Core
        waits for as long as the setting ``rerank_budget`` says and cancels the call then. Raises RerankerUnavailable, never a
        partial answer.
        """
        ...

    async def aclose(self) -> None:
        """Release what it holds. Closing twice is allowed."""
        return None
