"""Look-ups of a long-lived process from memory, as long as the registry tells it of every change (LISTEN/NOTIFY)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from codebase_core_hookspecs import CodebaseCoreError

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection, ConnectionPool

logger = logging.getLogger(__name__)

T = TypeVar("T")

CHANNEL = "codebase_core_registry"

_WORTH = 32
"""Look-ups from which on listening is worth a connection: a command makes three."""

_SPARE = 4
"""The least limit of which one connection can be given away: an index run needs two."""

_KEPT = 10_000
_PULSE_SECONDS = 15.0
_BROKEN = (CodebaseCoreError, OSError, TimeoutError)


class RegistryCache:
    """What was looked up since the last change. Nothing is kept while nobody would say that it changed."""

    def __init__(self, pool: Callable[[], Awaitable[ConnectionPool]], *, database: str) -> None:
        self._pool = pool
        self._database = database
        self._known: dict[Hashable, Any] = {}
        self._changes = 0
        self._lookups = 0
        self._listening = False
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Return what is known, else fetch it; it is kept unless something changed in between."""
        if not self._listening:
            await self._consider()
            return await fetch()
        if key in self._known:
            found: T = self._known[key]
            return found
        changes = self._changes
        found = await fetch()
        if self._listening and changes == self._changes:
            if len(self._known) >= _KEPT:  # keys are what clients ask for: names that nothing has, too
                self._known.clear()
            self._known[key] = found
        return found

    def forget(self) -> None:
        """Drop everything: something changed."""
        self._changes += 1
        self._known.clear()

    async def aclose(self) -> None:
        """Stop listening and give the connection back."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _consider(self) -> None:
        self._lookups += 1
        if self._lookups % _WORTH == 0 and (self._task is None or self._task.done()):
            pool = await self._pool()
            if pool.limit.size >= _SPARE and not pool.address.transaction_pooling:
                self._task = asyncio.create_task(self._listen(pool))

    async def _listen(self, pool: ConnectionPool) -> None:
        """Listen on a connection of its own; when it is lost, look-ups ask the server again."""
        try:
            async with pool.acquire(self._database) as connection:
                await self._hear(connection)
        except _BROKEN as exc:
            logger.info("the registry is not listened to any more: %s", exc)
        finally:
            self._listening = False
            self.forget()

    async def _hear(self, connection: Connection) -> None:
        lost = asyncio.Event()

        def changed(*_: object) -> None:
            self.forget()

        def ended(*_: object) -> None:
            self._listening = False
            lost.set()

        connection.add_termination_listener(ended)
        await connection.add_listener(CHANNEL, changed)
        self._listening = not lost.is_set()
        try:
            while not lost.is_set():
                # A connection that a network has dropped without a word is noticed by the next pulse.
                with suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), _PULSE_SECONDS)
                if not lost.is_set():
                    await connection.execute("SELECT 1", timeout=_PULSE_SECONDS)
        finally:
            connection.remove_termination_listener(ended)
            if not connection.is_closed():
                await connection.remove_listener(CHANNEL, changed)
