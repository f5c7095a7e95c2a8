"""Retry work that fails for reasons that pass.

``tenacity`` was compared: an attempt here gets its number, from which the next name is planned, and returns a value; with its
iterator both take more lines than this function has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


async def retry(
    work: Callable[[int], Awaitable[T]],
    *,
    on: tuple[type[Exception], ...],
    pauses: Sequence[float],
    notice: Callable[[Exception, float], None] | None = None,
) -> T:
    """Return what ``work`` returns; it is given the number of the attempt, from 0.

    One attempt more than ``pauses``, in seconds, is made while it raises one of ``on``; the last attempt's error is raised.
    ``notice`` is told each error that is retried, and the pause.
    """
    for attempt, pause in enumerate(pauses):
        try:
            return await work(attempt)
        except on as exc:
            if notice is not None:
                notice(exc, pause)
        await asyncio.sleep(pause)
    return await work(len(pauses))
