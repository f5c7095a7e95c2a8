"""A reranker without a model: passages by the share of the query's words that they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from codebase_core_hookspecs import PluginContext, RerankerIdentity, RerankerPlugin, RerankerUnavailable

if TYPE_CHECKING:
    from codebase_core_hookspecs import RerankerPassage
    from numpy import float32
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+")


class WordsReranker:
    """Scores by words in common."""

    identity = RerankerIdentity(plugin="words", model="words", revision="1")

    async def score(self, query: str, passages: Sequence[RerankerPassage]) -> NDArray[float32]:
        """Return float32 ``(n,)``: the share of the query's words that a passage holds."""
        wanted = _words(query)
        held = [len(wanted & _words(passage.text)) / max(len(wanted), 1) for passage in passages]
        return np.array(held, dtype=np.float32)

    async def aclose(self) -> None:
        """Hold nothing."""


async def open_words_reranker(_context: PluginContext, model: str | None) -> WordsReranker:
    """Open the only model."""
    if model not in (None, "words"):
        raise RerankerUnavailable(f"the plugin 'words' has no model {model!r}", hint="leave the model out")
    return WordsReranker()


WORDS_RERANKER = RerankerPlugin(name="words", summary="Words in common", open=open_words_reranker)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
