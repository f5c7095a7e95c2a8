"""Watch a tree and index what changes, a batch at a time; what events do not tell is found by looking."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from codebase_core.app import Choices
from codebase_core.errors import (
    EmbedderUnavailable,
    GenerationChanged,
    LeaseLost,
    NothingToIndex,
    ProjectBusy,
    ResolverUnavailable,
    ServerUnavailable,
)

from .events import Events
from .lock import watching
from .tree import Tree

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.errors import CodebaseCoreError
    from codebase_core.indexing.progress import Progress

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """Seconds between two looks at a tree that cannot be watched, and before a step is tried again."""

    poll_s: float = 5.0
    busy_s: float = 1.0
    """After another writer."""
    down_s: float = 10.0
    """After a server or an embedder that was away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchBatch:
    """What one batch brought into the index."""

    project: str
    progress: Progress


async def watch(
    app: App, path: Path, *, choices: Choices = Choices(), intervals: Intervals = Intervals()
) -> AsyncGenerator[WatchBatch, None]:
    """Bring a folder's index up to date, then keep it so; yield after each run that changed something.

    Raises AlreadyWatched, PathUnusable when the folder is gone, and what indexing raises but for faults that pass: another
    writer, a server that is away, an embedder that was there before.
    """
    scan = await app.scan(path, choices=choices)
    path = scan.root.joinpath(*scan.scope)  # an error names it, wherever the process stands
    with watching(path, home=app.settings.home):
        events: Events | None = None
        away: tuple[type[CodebaseCoreError], ...] = (ServerUnavailable, ResolverUnavailable)
        try:
            while True:
                if events is None:
                    scan = await _lasting(lambda: app.scan(path, choices=choices), intervals, away=away)
                    # First the watch, then the index: what changes in between is seen by one of them.
                    events = Events(await asyncio.to_thread(Tree.of, scan), poll_s=intervals.poll_s)
                    await events.start()
                batch = await _lasting(lambda: _indexed(app, path, choices), intervals, away=away)
                away = (ServerUnavailable, ResolverUnavailable, EmbedderUnavailable)
                if batch is not None:
                    yield batch
                if await events.wait():
                    await events.aclose()
                    events = None
        finally:
            if events is not None:
                await events.aclose()


async def _lasting(
    step: Callable[[], Awaitable[T]], intervals: Intervals, *, away: tuple[type[CodebaseCoreError], ...]
) -> T:
    """Do a step again until no fault that passes stops it."""
    while True:
        try:
            return await step()
        except (ProjectBusy, LeaseLost, GenerationChanged) as exc:
            logger.info("waiting: %s", exc.message)
            await asyncio.sleep(intervals.busy_s)
        except away as exc:
            logger.warning("waiting: %s", exc.message)
            await asyncio.sleep(intervals.down_s)


async def _indexed(app: App, path: Path, choices: Choices) -> WatchBatch | None:
    """Index; return None if there was nothing to do."""
    try:
        report = await app.index(path, choices=choices)
    except NothingToIndex:
        return None
    progress = report.progress
    changed = progress.indexed or progress.removed or progress.skipped
    return WatchBatch(project=report.resolution.require_project().name, progress=progress) if changed else None
