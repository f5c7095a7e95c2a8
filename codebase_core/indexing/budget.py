"""A bound on what is in flight between scan and commit, in bytes of source."""

from __future__ import annotations

import asyncio

FLIGHT_BYTES = 32 * 1024 * 1024
FILE_OVERHEAD = 1_024
"""What a file costs besides its content; bytes."""


class ByteBudget:
    """Let work in while there is room; a file larger than the budget goes alone."""

    def __init__(self, size: int = FLIGHT_BYTES) -> None:
        self._size = size
        self._used = 0
        self._changed = asyncio.Condition()

    async def take(self, size: int) -> None:
        """Wait for room for a file of ``size`` bytes."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._used == 0 or self._used + size <= self._size)
            self._used += size

    async def give(self, size: int) -> None:
        """Return the room of files that are committed."""
        async with self._changed:
            self._used -= size
            self._changed.notify_all()
