"""Notice a lost connection where the driver does not."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

if TYPE_CHECKING:
    from .pool import Connection

T = TypeVar("T")

_GRACE_SECONDS = 1.0
"""Most statements notice by themselves; then their error says more."""


async def cancel_on_disconnect(connection: Connection, work: Coroutine[Any, Any, T]) -> T:
    """Await work on a connection; raise ConnectionDoesNotExistError if it goes on waiting after the connection ended.

    asyncpg's COPY waits for room in its buffer, and nothing wakes it when the server dies meanwhile.
    """
    task = asyncio.ensure_future(work)
    lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def ended(_: object) -> None:
        if not lost.done():
            lost.set_result(None)

    connection.add_termination_listener(ended)
    try:
        either: set[asyncio.Future[Any]] = {task, lost}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await asyncio.wait({task}, timeout=_GRACE_SECONDS)
        if not task.done():
            raise asyncpg.ConnectionDoesNotExistError("the connection was closed in the middle of a COPY")
        return task.result()
    finally:
        connection.remove_termination_listener(ended)
        if not task.done():
            # It may fail instead: a transaction cannot be left on a closed connection. What is wrong is said above.
            task.add_done_callback(lambda given_up: given_up.cancelled() or given_up.exception())
            task.cancel()
            await asyncio.wait({task}, timeout=_GRACE_SECONDS)
