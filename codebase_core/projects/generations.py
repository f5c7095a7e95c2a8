"""Retry work when a reindex replaces the index that it was reading."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from codebase_core_hookspecs import GenerationChanged

from codebase_core.retry import retry

T = TypeVar("T")

_PAUSES = (0.0,) * 4
"""Reindexing is rare: more than one retry means that something else is wrong."""


async def retry_on_generation_change(work: Callable[[], Awaitable[T]]) -> T:
    """Run work that opens a project's index; run it again if a reindex replaced the index meanwhile."""
    return await retry(lambda _: work(), on=(GenerationChanged,), pauses=_PAUSES)
