"""Retry work when a reindex replaces the index that it was reading."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from codebase_core_hookspecs import GenerationChanged

T = TypeVar("T")

_ATTEMPTS = 5
"""Reindexing is rare: more than one retry means that something else is wrong."""


async def retry_on_generation_change(work: Callable[[], Awaitable[T]]) -> T:
    """Run work that opens a project's index; run it again if a reindex replaced the index meanwhile."""
    for _ in range(_ATTEMPTS - 1):
        with suppress(GenerationChanged):
            return await work()
    return await work()
