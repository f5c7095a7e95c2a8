"""The changes of a tree's folders, from watchfiles; where the kernel refuses to watch, from looking every few seconds."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from codebase_core.errors import PluginFailed

if TYPE_CHECKING:
    from watchfiles import Change

    from .tree import Tree

logger = logging.getLogger(__name__)

QUIET_MS, LONGEST_MS = 300, 30_000
"""A batch ends when nothing has changed for so long, or after so long."""

LOOK_MS = 600_000
"""The tree is looked at this often although no event came: the kernel's queue may have overflowed."""

CHECKOUT_SECONDS = 60.0
"""How long a lock of git is waited for: a branch switch is one batch."""


class Events:
    """The changes of a tree's folders, each folder watched for itself so that no ignored one is followed."""

    def __init__(self, tree: Tree, *, poll_s: float) -> None:
        self._tree = tree
        self._poll_s = poll_s
        self._stop = threading.Event()
        self._batches = self._watch()
        self._next: asyncio.Task[set[tuple[Change, str]]] | None = None

    async def start(self) -> None:
        """Begin to watch; where that is not possible, ``wait`` sleeps ``poll_s`` seconds instead. Raises PluginFailed."""
        self._next = self._ask()
        await asyncio.sleep(0)  # the watch is set up before the first await in it
        if not self._next.done() or (error := self._next.exception()) is None:
            return
        if not isinstance(error, (OSError, RuntimeError)):
            raise error
        logger.warning(
            "%s cannot be watched (%s); looking at it every %g seconds", self._tree.root, error, self._poll_s
        )
        self._next = None

    async def wait(self) -> bool:
        """Wait for a change that counts, and for quiet after it; return whether the folders may be others now."""
        if self._next is None:
            await asyncio.sleep(self._poll_s)
            return True
        while True:
            changed = await self._changes()
            if changed is None:
                return True
            relevant = self._tree.relevant(changed)
            if relevant:
                return await self._settled(relevant)

    async def aclose(self) -> None:
        """Stop watching; the thread that waits for changes ends within a step."""
        self._stop.set()
        if self._next is not None:
            with suppress(StopAsyncIteration, OSError, RuntimeError):
                await self._next
        await self._batches.aclose()

    def _watch(self) -> AsyncGenerator[set[tuple[Change, str]], None]:
        try:
            from watchfiles import awatch  # noqa: PLC0415 - an extra
        except ImportError as exc:
            raise PluginFailed(f"watching lacks a library: {exc}", hint="pip install 'codebase-core[watch]'") from exc
        return awatch(
            *self._tree.paths,
            watch_filter=None,
            debounce=LONGEST_MS,
            step=QUIET_MS,
            stop_event=self._stop,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            recursive=False,
            ignore_permission_denied=True,
        )

    def _ask(self) -> asyncio.Task[set[tuple[Change, str]]]:
        return asyncio.ensure_future(anext(self._batches))

    async def _settled(self, relevant: set[str]) -> bool:
        deadline = monotonic() + CHECKOUT_SECONDS
        moved = self._tree.moved(relevant)
        while _git_works(self._tree.root) and monotonic() < deadline:
            changed = await self._changes(timeout_s=QUIET_MS / 1000)
            moved = moved or changed is None or self._tree.moved(self._tree.relevant(changed))
        return moved

    async def _changes(self, timeout_s: float | None = None) -> set[str] | None:
        """Return changed paths; None if none came in time."""
        assert self._next is not None  # noqa: S101 - asked before
        await asyncio.wait({self._next}, timeout=timeout_s)
        if not self._next.done():
            return None
        found = self._next.result()
        self._next = self._ask()
        return _paths(found) or None


def _paths(changes: Iterable[tuple[Change, str]]) -> set[str]:
    return {path for _, path in changes}


def _git_works(root: Path) -> bool:
    folder = root / ".git"
    with suppress(OSError, ValueError):  # a folder, or none
        folder = root / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()  # of a worktree
    return (folder / "index.lock").exists()
