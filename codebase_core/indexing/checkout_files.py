"""Sizes and times of the files of a checkout beside the main one, as they were last read: the store keeps those of the main one.

They are facts of one folder on this machine. Losing them costs one run that reads every file to hash it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core.sources.identity import certain_ctime, inode, settled

if TYPE_CHECKING:
    from codebase_core_hookspecs import FileState

logger = logging.getLogger(__name__)

FOLDER = "checkouts"
"""Of the state folder: a file for each checkout that is indexed beside a main one."""

_UNKNOWN = -1
"""A size that no file has."""


@dataclass(slots=True)
class CheckoutFiles:
    """What was known of each file when it was last read: its content's hash, and what tells that it still has it."""

    file: Path
    known: dict[str, list[str | int]] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Path, project: UUID, root: str) -> CheckoutFiles:
        """Read what is remembered of a checkout in a project; nothing, if that cannot be read."""
        name = blake2b(os.fsencode(f"{project}\0{root}"), digest_size=16).hexdigest()
        file = home / FOLDER / f"{name}.json"
        try:
            known = json.loads(file.read_bytes())
        except (OSError, ValueError):
            known = {}
        return cls(file, known if isinstance(known, dict) else {})

    async def as_read(self, states: AsyncIterator[Sequence[FileState]]) -> AsyncIterator[Sequence[FileState]]:
        """Yield the states of an index with the sizes and times of this checkout."""
        async for page in states:
            yield [self._as_read(state) for state in page]

    def read(self, root: Path, states: Sequence[FileState]) -> None:
        """Hash the files of which nothing is known, and remember those that have the content that the index has.

        Here rather than by workers: to send them 10,000 files takes longer than to read these.
        """
        for state in states:
            if state.path not in self.known and state.skipped is None:
                facts = _read(root / state.path, state)
                if facts is not None:
                    self.known[state.path] = [state.content_hash.hex(), *facts]

    def note(self, states: Sequence[FileState]) -> None:
        """Remember files as they were read."""
        for state in states:
            facts = (state.size, state.mtime_ns, state.inode, state.ctime_ns)
            self.known[state.path] = [state.content_hash.hex(), *facts]

    def drop(self, paths: Sequence[str]) -> None:
        """Forget files that are gone."""
        for path in paths:
            self.known.pop(path, None)

    def save(self) -> None:
        """Keep what is known; that it cannot be kept costs time only."""
        draft = self.file.with_suffix(f".{os.getpid()}")
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_text(json.dumps(self.known, separators=(",", ":")), encoding="utf-8")
            draft.replace(self.file)
        except OSError as exc:
            logger.debug("%s cannot be written: %s", self.file, exc)

    def forget(self) -> None:
        """Remove what is remembered."""
        self.file.unlink(missing_ok=True)

    def _as_read(self, state: FileState) -> FileState:
        try:
            content, size, mtime_ns, inode, ctime_ns = self.known[state.path]
            if content == state.content_hash.hex():
                return replace(state, size=int(size), mtime_ns=int(mtime_ns), inode=int(inode), ctime_ns=int(ctime_ns))
        except (KeyError, ValueError, TypeError):
            pass
        return replace(state, size=_UNKNOWN, mtime_ns=_UNKNOWN)


def _read(path: Path, state: FileState) -> tuple[int, int, int, int] | None:
    """Return size, times and inode of a file that has the content of a state; None for any other, and what is no file."""
    try:
        with open(path, "rb", opener=_open) as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            status = settled(file)
            if status.st_size != state.size or blake2b(file.read(), digest_size=16).digest() != state.content_hash:
                return None
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, inode(status), certain_ctime(status)


def _open(path: str, flags: int) -> int:
    """Open no link, and wait for no pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
