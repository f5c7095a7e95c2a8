"""The embedder: texts through a model of the library, in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from codebase_core_hookspecs import EmbedderIdentity, EmbedderUnavailable

from .model_files import dimensions, revision

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_BATCHES = 2
"""What a cancelled call still waits for; one batch at a time would leave a GPU idle in between."""


class SentenceTransformersEmbedder:
    """Embed with the prompts that the model brings for queries and documents.

    The first text loads torch and the weights. Texts longer than the model reads (256 tokens for MiniLM) are cut, which is
    said once.
    """

    def __init__(self, name: str, *, folder: Path, device: str | None, batch_size: int) -> None:
        self._name = name
        self._folder = folder
        self._device = device
        self._batch_size = batch_size
        # One thread for all calls: torch keeps a team of threads for each that calls it, and idle teams spin.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sentence-transformers")
        self._said = False

    @cached_property
    def identity(self) -> EmbedderIdentity:
        """The model by name and by what its files hold."""
        length = dimensions(self._folder) or self._model.get_embedding_dimension()
        if not length:
            raise EmbedderUnavailable(f"model {self._name!r} does not say how long its vectors are")
        return EmbedderIdentity(
            plugin="sentence-transformers", model=self._name, revision=revision(self._folder), dimensions=length
        )

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 ``(n, d)`` with unit rows; raise EmbedderUnavailable if the model fails."""
        if not texts:
            return np.empty((0, self.identity.dimensions), dtype=np.float32)
        # Texts of like length together, longest first; a few batches at a time, for a thread cannot be interrupted by Ctrl-C.
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        step = _BATCHES * self._batch_size
        parts = [[texts[number] for number in order[start : start + step]] for start in range(0, len(order), step)]
        found = np.concatenate([await self._encoded(part, "document") for part in parts])
        rows = np.empty_like(found)
        rows[order] = found
        return rows

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return float32 ``(d,)`` of unit length."""
        found: NDArray[np.float32] = (await self._encoded([text], "query"))[0]
        return found

    async def aclose(self) -> None:
        """Let the weights go."""
        self._thread.shutdown(wait=False)
        self.__dict__.pop("_model", None)

    @cached_property
    def _model(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - torch: seconds
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

        disable_progress_bar()
        try:
            model = SentenceTransformer(str(self._folder), device=self._device, local_files_only=True)
        except (OSError, ValueError, RuntimeError, AssertionError) as exc:  # torch asserts that it has CUDA
            hint = f"check the folder {self._folder}, and the option device"
            raise EmbedderUnavailable(f"model {self._name!r} cannot be loaded: {exc}", hint=hint) from exc
        self._watch_length(model)
        return model

    def _watch_length(self, model: SentenceTransformer) -> None:
        """Say once that texts are cut: the tokenizer does it without a word."""
        preprocess, reads = model.preprocess, model.max_seq_length

        def watched(inputs: Any, *arguments: Any, **options: Any) -> Any:
            features = preprocess(inputs, *arguments, **options)
            mask = features.get("attention_mask")
            if not self._said and reads and mask is not None and mask.shape[-1] >= reads:
                self._said = True
                logger.warning("texts longer than %d tokens are cut for model %s", reads, self._name)
            return features

        model.preprocess = watched

    async def _encoded(self, texts: list[str], role: Literal["document", "query"]) -> NDArray[np.float32]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._encode, texts, role)

    def _encode(self, texts: list[str], role: Literal["document", "query"]) -> NDArray[np.float32]:
        encode = self._model.encode_document if role == "document" else self._model.encode_query
        try:
            rows = encode(
                texts,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        except RuntimeError as exc:  # out of memory, a device that went away
            hint = "choose a smaller batch_size, or another device"
            raise EmbedderUnavailable(f"model {self._name!r} failed: {exc}", hint=hint) from exc
        return np.asarray(rows, dtype=np.float32)
