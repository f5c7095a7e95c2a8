"""Server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic

from codebase_core_hookspecs import JobProgress, TeamEvent
from pydantic import TypeAdapter

MEDIA_TYPE = "text/event-stream"
POLL_SECONDS, PING_SECONDS = 0.3, 15.0

_EVENT: TypeAdapter[TeamEvent] = TypeAdapter(TeamEvent)
_PROGRESS: TypeAdapter[JobProgress] = TypeAdapter(JobProgress)


async def progress_events(
    look: Callable[[], Awaitable[JobProgress]], *, stopping: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """Yield an event for each state of a job that differs from the one before; end with the job, or when the server stops.

    Every PING_SECONDS without one a comment is sent, so that proxies keep the connection and a client that left is noticed.
    """
    before: JobProgress | None = None
    number, sent = 0, monotonic()
    while not stopping():
        job = await look()
        if job != before:
            before, number, sent = job, number + 1, monotonic()
            yield b"event: progress\nid: %d\ndata: %s\n\n" % (number, _PROGRESS.dump_json(job))
        elif monotonic() - sent > PING_SECONDS:
            sent = monotonic()
            yield b": still there\n\n"
        if not job.running:
            return
        await asyncio.sleep(POLL_SECONDS)


async def team_events(events: AsyncIterator[TeamEvent | None], *, stopping: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Yield each event with its kind; None is a moment to see whether the server stops, and whether the client is there.

    The first one says that from now on everything is told.
    """
    number, sent = 0, float("-inf")
    async for event in events:
        if stopping():
            return
        if event is not None:
            number, sent = number + 1, monotonic()
            yield b"event: %s\nid: %d\ndata: %s\n\n" % (event.kind.encode(), number, _EVENT.dump_json(event))
        elif monotonic() - sent > PING_SECONDS:
            sent = monotonic()
            yield b": listening\n\n"
