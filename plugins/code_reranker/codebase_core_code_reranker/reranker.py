"""The reranker over an ONNX session."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from codebase_core_hookspecs import RerankerIdentity, RerankerUnavailable

from .encoding import READING, PairEncoder, padded

if TYPE_CHECKING:
    from codebase_core_hookspecs import RerankerPassage
    from numpy import float32
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

MODEL = "code-3"
_FOLDER = Path(__file__).parent / "model"
_BATCH = 16
"""Pairs at a time, those of like length together: padding costs as much as tokens do."""

_MOST_THREADS = 2


@dataclass(slots=True)
class CodeReranker:
    """Scores pairs in a thread; one call computes at a time, so that calls that were given up do not pile up."""

    identity: RerankerIdentity
    _session: InferenceSession
    _encoder: PairEncoder
    _turn: asyncio.Lock

    @classmethod
    def open(cls, model: str | None) -> CodeReranker:
        """Load the shipped model; raise RerankerUnavailable for another one, or where a library cannot be loaded."""
        if model not in (None, MODEL):
            raise RerankerUnavailable(f"the plugin 'code' has no model {model!r}", hint=f"it has one: {MODEL}")
        try:
            from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - may be absent
            from tokenizers import Tokenizer  # noqa: PLC0415
        except ImportError as exc:
            raise RerankerUnavailable(
                f"the reranker 'code' cannot be loaded: {exc}", hint="pip install onnxruntime tokenizers"
            ) from exc
        options = SessionOptions()
        options.intra_op_num_threads = min(_MOST_THREADS, os.cpu_count() or 1)
        options.log_severity_level = 3
        weights = (_FOLDER / "model.int8.onnx").read_bytes()
        tokenizer = Tokenizer.from_file(str(_FOLDER / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        revision = blake2b(weights + READING.encode(), digest_size=8).hexdigest()
        return cls(
            RerankerIdentity(plugin="code", model=MODEL, revision=revision),
            InferenceSession(weights, options, providers=["CPUExecutionProvider"]),
            PairEncoder(tokenizer),
            asyncio.Lock(),
        )

    async def score(self, query: str, passages: Sequence[RerankerPassage]) -> NDArray[float32]:
        """Return float32 ``(n,)``, one score a passage."""
        if not passages:
            return np.empty(0, dtype=np.float32)
        await self._turn.acquire()
        computing = asyncio.ensure_future(asyncio.to_thread(self._score, query, passages))
        computing.add_done_callback(self._ended)
        return await asyncio.shield(computing)  # the thread cannot be stopped: it goes on for nobody

    async def aclose(self) -> None:
        """Hold nothing that has to be released."""

    def _ended(self, computing: asyncio.Future[NDArray[float32]]) -> None:
        self._turn.release()
        if not computing.cancelled():
            computing.exception()  # whoever asked has it; nobody else is to be told

    def _score(self, query: str, passages: Sequence[RerankerPassage]) -> NDArray[float32]:
        pairs = self._encoder.encode(query, passages)
        scores = np.empty(len(pairs), dtype=np.float32)
        by_length = sorted(range(len(pairs)), key=lambda row: len(pairs[row][1]))
        for start in range(0, len(pairs), _BATCH):
            batch = by_length[start : start + _BATCH]
            rows = padded([pairs[row] for row in batch])
            inputs = {"ids": rows.ids, "mask": rows.mask, "seg": rows.segments}
            (scores[batch],) = self._session.run(["score"], inputs)
        return scores
