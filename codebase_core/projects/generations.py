"""Go on in the newer generation of an index when it takes the place of the one that was opened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from codebase_core_hookspecs import GenerationChanged

T = TypeVar("T")

_ATTEMPTS = 5
"""An index is not replaced so often that one should be needed."""


async def retry_on_generation_change(work: Callable[[], Awaitable[T]]) -> T:
    """Do work that opens a project's index, and again when that was replaced meanwhile."""
    for _ in range(_ATTEMPTS - 1):
        with suppress(GenerationChanged):
            return await work()
    return await work()
