"""The embedder: a text is the sum of its tokens' vectors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from codebase_core_hookspecs import EmbedderIdentity, EmbedderUnavailable

from .vectors import TokenVectors
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIPPED = Path(__file__).parent / "model"


class StaticEmbedder:
    """Embed texts with a model folder: ``model.json``, ``vocabulary.txt``, ``embeddings.npy`` and ``scales.npy``.

    Opening reads ``model.json``; the first text reads the vocabulary and maps the vectors. A text without any known token
    has a row of zeros.
    """

    def __init__(self, identity: EmbedderIdentity, *, folder: Path) -> None:
        self.identity = identity
        self._folder = folder

    @classmethod
    def open(cls, model: str | None = None, *, folder: Path = SHIPPED) -> StaticEmbedder:
        """Open the model in the folder; raise EmbedderUnavailable if it is not there or has another name."""
        try:
            card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as exc:
            raise _broken(folder) from exc
        if model not in {None, card["name"]}:
            raise EmbedderUnavailable(
                f"the static embedder has no model {model!r}", hint=f"the one that ships is static:{card['name']}"
            )
        identity = EmbedderIdentity(
            plugin="static", model=card["name"], revision=card["revision"], dimensions=card["dimensions"]
        )
        return cls(identity, folder=folder)

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 ``(n, d)`` with unit rows, computed in a thread; zeros for a text without known tokens."""
        return await asyncio.to_thread(self._embed_all, texts)

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return float32 ``(d,)`` of unit length; zeros for a text without known tokens."""
        return self._embed(text)

    async def aclose(self) -> None:
        """Forget the words and unmap the vectors; the next text loads them again."""
        self.__dict__.pop("_model", None)

    @cached_property
    def _model(self) -> tuple[Vocabulary, TokenVectors]:
        try:
            vocabulary = Vocabulary.load(self._folder / "vocabulary.txt")
            vectors = TokenVectors.load(self._folder)
        except (OSError, ValueError) as exc:
            raise _broken(self._folder) from exc
        if vectors.shape != (vocabulary.tokens, self.identity.dimensions):
            raise _broken(self._folder)
        return vocabulary, vectors

    def _embed(self, text: str) -> NDArray[np.float32]:
        vocabulary, vectors = self._model
        return vectors.direction(np.frombuffer(vocabulary.rows(text), dtype=np.uint16))

    def _embed_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        matrix = np.zeros((len(texts), self.identity.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            matrix[row] = self._embed(text)
        return matrix


def _broken(folder: Path) -> EmbedderUnavailable:
    return EmbedderUnavailable(f"the static model in {folder} cannot be read", hint="reinstall codebase-core")
