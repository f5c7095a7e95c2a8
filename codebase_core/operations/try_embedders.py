"""Look at embedders: which can be used or why not, and what one does with a few texts."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from codebase_core.errors import CodebaseCoreError
from codebase_core.plugins.opening import open_plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codebase_core_hookspecs import Embedder, EmbedderIdentity, EmbedderPlugin

    from codebase_core.engine import Engine

OPEN_SECONDS = 15.0
"""A plugin that has not opened by then counts as not available."""

MOST_WORDS = 2_048
_PIECE_LINES = 18
_PIECES = 16
_LEAST_SECONDS = 0.5
_QUERIES = (
    "where are connections pooled",
    "retry after a timeout",
    "EmbedderUnavailable",
    "parse arguments",
    "walk a tree",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderCheck:
    """An embedder that is installed; its default model, or the message and hint that say why it cannot be used."""

    plugin: EmbedderPlugin
    identity: EmbedderIdentity | None = None
    problem: str | None = None
    hint: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "name": self.plugin.name,
            "summary": self.plugin.summary,
            "cache_vectors": self.plugin.cache_vectors,
            "available": self.identity is not None,
            "identity": asdict(self.identity) if self.identity is not None else None,
            "problem": self.problem,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What an embedder did. ``first_seconds`` includes loading it; ``reads_words`` is None if nothing was seen to be cut."""

    identity: EmbedderIdentity
    cache_vectors: bool
    first_seconds: float
    texts: int
    texts_per_second: float
    query_milliseconds: float
    reads_words: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            **asdict(self),
            "first_seconds": round(self.first_seconds, 3),
            "texts_per_second": round(self.texts_per_second, 1),
            "query_milliseconds": round(self.query_milliseconds, 2),
        }


async def check_embedders(engine: Engine) -> Sequence[EmbedderCheck]:
    """Open the default model of every embedder that is installed, fetching nothing."""
    return await asyncio.gather(*(_check(engine, plugin) for plugin in engine.plugins.embedders()))


async def _check(engine: Engine, plugin: EmbedderPlugin) -> EmbedderCheck:
    context = replace(engine.context(plugin), fetch=False)
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            embedder = await open_plugin(plugin, plugin.open(context, None))
            identity = embedder.identity
    except CodebaseCoreError as exc:
        return EmbedderCheck(plugin=plugin, problem=exc.message, hint=exc.hint)
    except TimeoutError:
        return EmbedderCheck(plugin=plugin, problem=f"not opened within {OPEN_SECONDS:g} s")
    await embedder.aclose()
    return EmbedderCheck(plugin=plugin, identity=identity)


async def try_embedder(engine: Engine, choice: str | None = None) -> Trial:
    """Embed pieces of this program with an embedder, by default that of new projects, and take the time."""
    plugin, embedder = await engine.embedder(choice or engine.settings["embedder"])
    pieces = _pieces()
    began = perf_counter()
    await embedder.embed_documents(pieces[:1])
    first = perf_counter() - began
    began, texts = perf_counter(), 0
    while texts == 0 or perf_counter() - began < _LEAST_SECONDS:
        await embedder.embed_documents(pieces)
        texts += len(pieces)
    rate = texts / (perf_counter() - began)
    return Trial(
        identity=embedder.identity,
        cache_vectors=plugin.cache_vectors,
        first_seconds=first,
        texts=texts,
        texts_per_second=rate,
        query_milliseconds=median([await _timed(embedder, query) for query in _QUERIES]),
        reads_words=await _reads(embedder),
    )


async def _timed(embedder: Embedder, query: str) -> float:
    began = perf_counter()
    await embedder.embed_query(query)
    return 1000 * (perf_counter() - began)


async def _reads(embedder: Embedder) -> int | None:
    """Return after how many short words a text is cut: what follows does not change its vector any more."""
    if not await _cut_after(embedder, MOST_WORDS):
        return None
    low, high = 0, MOST_WORDS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if await _cut_after(embedder, middle) else (middle, high)
    return high


async def _cut_after(embedder: Embedder, words: int) -> bool:
    import numpy as np  # noqa: PLC0415 - not for a list

    text = "word " * words
    one, other = await embedder.embed_documents([text + "tree " * 8, text + "pool " * 8])
    return bool(np.abs(one - other).max() < 1e-6)  # noqa: PLR2004 - noise of float32


def _pieces() -> list[str]:
    """Return pieces of this program's own source, as long as chunks are."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    found = ["\n".join(lines[at : at + _PIECE_LINES]) for at in range(0, len(lines), _PIECE_LINES)]
    return found[:_PIECES]
