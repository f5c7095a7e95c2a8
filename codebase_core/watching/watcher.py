"""Watch a tree and index what changes, a batch at a time; what events do not tell is found by looking."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from codebase_core.app import Choices
from codebase_core.errors import (
    EmbedderUnavailable,
    GenerationChanged,
    LeaseLost,
    NothingToIndex,
    PluginFailed,
    ProjectBusy,
    ResolverUnavailable,
    ServerUnavailable,
)

from .lock import watching
from .tree import Tree

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

    from codebase_core.app import App
    from codebase_core.errors import CodebaseCoreError
    from codebase_core.indexing.progress import Progress

logger = logging.getLogger(__name__)
T = TypeVar("T")

QUIET_MS, LONGEST_MS = 300, 30_000
"""A batch ends when nothing has changed for so long, or after so long."""

LOOK_MS = 600_000
"""The tree is looked at this often although no event came: the kernel's queue may have overflowed."""

POLL_SECONDS, BUSY_SECONDS, DOWN_SECONDS = 5.0, 1.0, 10.0
CHECKOUT_SECONDS = 60.0
"""How long a lock of git is waited for: a branch switch is one batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchBatch:
    """What one batch brought into the index."""

    project: str
    progress: Progress


async def watch(app: App, path: Path, *, choices: Choices = Choices()) -> AsyncGenerator[WatchBatch, None]:
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
                    scan = await _lasting(lambda: app.scan(path, choices=choices), away=away)
                    # First the watch, then the index: what changes in between is seen by one of them.
                    events = await asyncio.to_thread(Events.of, await asyncio.to_thread(Tree.of, scan))
                batch = await _lasting(lambda: _indexed(app, path, choices), away=away)
                away = (ServerUnavailable, ResolverUnavailable, EmbedderUnavailable)
                if batch is not None:
                    yield batch
                if await events.wait():
                    events.close()
                    events = None
        finally:
            if events is not None:
                events.close()


async def _lasting(step: Callable[[], Awaitable[T]], *, away: tuple[type[CodebaseCoreError], ...]) -> T:
    """Do a step again until no fault that passes stops it."""
    while True:
        try:
            return await step()
        except (ProjectBusy, LeaseLost, GenerationChanged) as exc:
            logger.info("waiting: %s", exc.message)
            await asyncio.sleep(BUSY_SECONDS)
        except away as exc:
            logger.warning("waiting: %s", exc.message)
            await asyncio.sleep(DOWN_SECONDS)


async def _indexed(app: App, path: Path, choices: Choices) -> WatchBatch | None:
    """Index; return None if there was nothing to do."""
    try:
        report = await app.index(path, choices=choices)
    except NothingToIndex:
        return None
    progress = report.progress
    changed = progress.indexed or progress.removed or progress.skipped
    return WatchBatch(project=report.resolution.require_project().name, progress=progress) if changed else None


class Events:
    """The changes of a tree's folders, each folder watched for itself so that no ignored one is followed."""

    def __init__(self, tree: Tree, notify: RustNotify | None) -> None:
        self._tree = tree
        self._notify = notify
        self._stop = threading.Event()

    @classmethod
    def of(cls, tree: Tree) -> Events:
        """Begin to watch; where that is not possible, the tree is looked at every few seconds instead."""
        try:
            from watchfiles._rust_notify import RustNotify  # noqa: PLC0415 - an extra
        except ImportError as exc:
            raise PluginFailed(f"watching lacks a library: {exc}", hint="pip install 'codebase-core[watch]'") from exc
        try:
            return cls(tree, RustNotify(tree.paths, False, False, 0, False, True))  # noqa: FBT003 - not ours
        except (OSError, RuntimeError) as exc:
            logger.warning("%s cannot be watched (%s); looking at it every %g seconds", tree.root, exc, POLL_SECONDS)
            return cls(tree, None)

    async def wait(self) -> bool:
        """Wait for a change that counts, and for quiet after it; return whether the folders may be others now."""
        if self._notify is None:
            await asyncio.sleep(POLL_SECONDS)
            return True
        while True:
            changed = await self._changes(LOOK_MS)
            if changed is None:
                return True
            relevant = self._tree.relevant(changed)
            if relevant:
                return await self._settled(relevant)

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._notify is not None:
            self._notify.close()

    async def _settled(self, relevant: set[str]) -> bool:
        deadline = monotonic() + CHECKOUT_SECONDS
        moved = self._tree.moved(relevant)
        while _git_works(self._tree.root) and monotonic() < deadline:
            changed = await self._changes(QUIET_MS)
            moved = moved or changed is None or self._tree.moved(self._tree.relevant(changed))
        return moved

    async def _changes(self, timeout_ms: int) -> set[str] | None:
        """Return changed paths; None if none came in time."""
        assert self._notify is not None  # noqa: S101 - asked before
        waiting = asyncio.ensure_future(
            asyncio.to_thread(self._notify.watch, LONGEST_MS, QUIET_MS, timeout_ms, self._stop)
        )
        try:
            found = await asyncio.shield(waiting)
        except asyncio.CancelledError:
            self._stop.set()  # the thread ends within a step
            with suppress(RuntimeError):
                await waiting
            raise
        return {path for _, path in found} if isinstance(found, set) else None


def _git_works(root: Path) -> bool:
    folder = root / ".git"
    with suppress(OSError, ValueError):  # a folder, or none
        folder = root / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()  # of a worktree
    return (folder / "index.lock").exists()
