"""The reranker: put your model in the place of the one here, which only counts words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from codebase_core_hookspecs import RerankerIdentity, RerankerUnavailable

if TYPE_CHECKING:
    from codebase_core_hookspecs import RerankerPassage
    from numpy.typing import NDArray

MODEL = "words"
_WORD = re.compile(r"[^\W_]+")


class AcmeReranker:
    """A passage is as good as the share of the question's words that it holds."""

    # A digest of the weights belongs into `revision`: the same name with other weights is another model.
    identity = RerankerIdentity(plugin="acme", model=MODEL, revision="1")

    @classmethod
    def open(cls, model: str | None) -> AcmeReranker:
        """Open a model by name."""
        if model not in (None, MODEL):
            raise RerankerUnavailable(f"acme has no model {model!r}", hint=f"the one there is: acme:{MODEL}")
        return cls()

    async def score(self, query: str, passages: Sequence[RerankerPassage]) -> NDArray[np.float32]:
        """Return float32 ``(n,)``, a score for each passage in order, computed in a thread."""
        return await asyncio.to_thread(self._score, query, list(passages))

    async def aclose(self) -> None:
        """Hold nothing."""

    def _score(self, query: str, passages: Sequence[RerankerPassage]) -> NDArray[np.float32]:
        wanted = _words(query)
        shares = [len(wanted & _words(passage.text)) / max(len(wanted), 1) for passage in passages]
        return np.array(shares, dtype=np.float32)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
