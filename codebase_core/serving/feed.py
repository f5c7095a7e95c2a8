"""What happens to projects and jobs, for everybody who listens: looked up once for all of them, while there is anybody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from codebase_core_hookspecs import JobProgress, TeamEvent

from codebase_core.errors import CodebaseCoreError

if TYPE_CHECKING:
    from codebase_core.app import App

    from .folder_jobs import FolderJobs

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
LOOKED_AT = 200
"""Newest entries of the audit trail that are looked at each time."""

_MOST_WAITING = 1_000
"""Events that wait for a listener; one that does not keep up is let go."""

Listener = asyncio.Queue[TeamEvent | None]


@dataclass(slots=True)
class Feed:
    """Tells listeners of changes that come after they began to listen."""

    app: App
    jobs: FolderJobs
    _listeners: set[Listener] = field(default_factory=set)
    _looking: asyncio.Task[None] | None = None
    _looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> AsyncIterator[TeamEvent | None]:
        """Yield None at once, then each event, and None whenever a look has found nothing new.

        What happens after the first None is told. It ends for a listener that does not keep up.
        """
        listener: Listener = asyncio.Queue(_MOST_WAITING)
        self._listeners.add(listener)
        if self._looking is None or self._looking.done():
            self._looked = asyncio.Event()
            self._looking = asyncio.create_task(self._look())
        try:
            await self._looked.wait()
            yield None
            while listener in self._listeners or not listener.empty():
                yield await listener.get()
        finally:
            self._listeners.discard(listener)

    async def aclose(self) -> None:
        """Let everybody go."""
        self._listeners.clear()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        """Look again and again, as long as somebody listens; the first look tells what there was before."""
        before: tuple[list[TeamEvent], dict[str, JobProgress]] | None = None
        while self._listeners:
            try:
                now = await self._entries(), await self._progress()
            except CodebaseCoreError as exc:
                logger.warning("events are late: %s", exc.message)
                self._tell([None])
            else:
                self._tell((_between(before, now) if before is not None else []) or [None])
                before = now
            self._looked.set()
            await asyncio.sleep(POLL_SECONDS)

    async def _entries(self) -> list[TeamEvent]:
        history = await (await self.app.engine.registry()).history(limit=LOOKED_AT)
        return [
            TeamEvent(kind="project", at=entry.at, action=entry.action, project=entry.project)
            for entry in history
            if not entry.action.startswith("token-")
        ]

    async def _progress(self) -> dict[str, JobProgress]:
        found = self.app.jobs.list()[:LOOKED_AT]
        return {job.id: await self.jobs.progress(job) for job in found if job.running} | {
            job.id: JobProgress(job=job.id, state=job.state, path=job.path, project=job.choices.get("project"))
            for job in found
            if not job.running
        }

    def _tell(self, events: Sequence[TeamEvent | None]) -> None:
        for listener in list(self._listeners):
            try:
                for event in events:
                    listener.put_nowait(event)
            except asyncio.QueueFull:
                self._listeners.discard(listener)


def _between(
    before: tuple[list[TeamEvent], dict[str, JobProgress]], now: tuple[list[TeamEvent], dict[str, JobProgress]]
) -> list[TeamEvent]:
    """Return what a look has found that the one before had not."""
    changed = [job for id, job in now[1].items() if job != before[1].get(id)]
    moment = datetime.now(UTC)
    events = [entry for entry in now[0] if entry not in before[0]]
    return events + [TeamEvent(kind="job", at=moment, action=job.state, job=job) for job in changed]
