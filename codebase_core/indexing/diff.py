"""Compare a scan with what the index knows: both come in byte order of the path and are merged, never held whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from codebase_core.sources.identity import is_untouched

if TYPE_CHECKING:
    from codebase_core_hookspecs import FileState

    from codebase_core.sources.scan import Entry

PAGE = 2_000
"""Entries read from disk between two turns of the event loop."""

LAST = "\U0010ffff" * 501
"""Beyond every path: one has at most 2,000 bytes."""


class Changed(NamedTuple):
    """A file to read, or to record as skipped; ``known`` is what the index has of it."""

    entry: Entry
    known: FileState | None


class Gone(NamedTuple):
    """A file that the index has and the tree has not."""

    path: str


class Unchanged(NamedTuple):
    """A number of files that need no work."""

    files: int


async def differences(
    entries: Iterator[Entry],
    states: AsyncIterator[Sequence[FileState]],
    *,
    expected: Callable[[str], str],
) -> AsyncIterator[Changed | Gone | Unchanged]:
    """Merge a scan with the known states and yield what differs.

    ``expected`` gives the pipeline that a path would be indexed with. Nothing beneath a folder that could not be listed
    counts as gone.
    """
    known = _Cursor(states)
    await known.advance()
    unread: str | None = None
    previous = ""
    while page := await asyncio.to_thread(lambda: list(islice(entries, PAGE))):
        same = 0
        for entry in page:
            if entry.path <= previous and previous:
                continue  # two spellings on disk that are stored alike
            previous = entry.path
            async for gone in known.before(entry.path, unread):
                yield gone
            if entry.folder:
                unread = entry.path
                continue
            state = await known.take(entry.path)
            if state is not None and _same(entry, state, expected):
                same += 1
            else:
                yield Changed(entry, state)
        yield Unchanged(same)
    async for gone in known.before(LAST, unread):
        yield gone


def _within(path: str, folder: str | None) -> bool:
    return folder is not None and path.startswith(folder)


def _same(entry: Entry, state: FileState, expected: Callable[[str], str]) -> bool:
    if entry.skip is not None:
        return (entry.size, entry.mtime_ns, entry.skip) == (state.size, state.mtime_ns, state.skipped)
    untouched = is_untouched(
        state, size=entry.size, mtime_ns=entry.mtime_ns, inode=entry.inode, ctime_ns=entry.ctime_ns
    )
    return untouched and state.pipeline == expected(entry.path)


class _Cursor:
    """The known states one by one; ``path`` is beyond every path when they are used up."""

    def __init__(self, pages: AsyncIterator[Sequence[FileState]]) -> None:
        self._pages = pages
        self._page: Iterator[FileState] = iter(())
        self.state: FileState | None = None
        self.path = ""

    async def before(self, path: str, unread: str | None) -> AsyncIterator[Gone]:
        """Pass over the states that sort before a path: what the scan did not meet is gone."""
        while self.path < path:
            if not _within(self.path, unread):
                yield Gone(self.path)
            await self.advance()

    async def take(self, path: str) -> FileState | None:
        """Return the state of exactly this path and move on, or None."""
        if self.path != path:
            return None
        state = self.state
        await self.advance()
        return state

    async def advance(self) -> None:
        self.state = next(self._page, None)
        while self.state is None:
            page = await anext(self._pages, None)
            if page is None:
                break
            self._page = iter(page)
            self.state = next(self._page, None)
        self.path = self.state.path if self.state is not None else LAST
