"""Scan a source tree in byte order of the paths, so that it can be merged with what the index knows."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from codebase_core.errors import PathUnusable

from .boundaries import GIT, Boundaries
from .identity import inode
from .ignore import IgnoreRules, parsed
from .languages import holds_no_source
from .secrets import REASON as LIKELY_SECRET
from .secrets import named_like_secret

MAX_PATH_BYTES = 2_000
LINK, SPECIAL, UNREADABLE, DATA = "symbolic link", "not a regular file", "unreadable", "no source by its name"
NAME_NOT_UTF8, NAME_TOO_LONG, TOO_LARGE = "name is not UTF-8", "path over 2,000 bytes", "too large"


class Entry(NamedTuple):
    """Something found in the tree. ``path`` is relative to the root, POSIX, as it is stored.

    ``skip`` is the reason if the file is not to be read. A folder that cannot be listed has ``folder`` set and nothing
    beneath it is known.
    """

    path: str
    size: int
    mtime_ns: int
    skip: str | None = None
    folder: bool = False
    inode: int = 0
    ctime_ns: int = 0


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What to walk: a root, the files and folders in it that the user named (empty is all), and what to leave out.

    ``include`` and ``exclude`` are patterns as in ignore files; with ``include`` only matching files are taken. Repositories
    within the tree that are no submodules of it are left out. ``entered`` are the folders of the last walk.
    """

    root: Path
    scope: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    max_file_bytes: int = 1_000_000
    entered: list[str] = field(default_factory=list, compare=False, repr=False)

    @cached_property
    def _includes(self) -> GitIgnoreSpec:
        return GitIgnoreSpec([pattern for line in self.include if (pattern := parsed(line)) is not None])

    def entries(self) -> Iterator[Entry]:
        """Walk the tree; raise PathUnusable if the root or a named path cannot be read."""
        self.entered.clear()
        rules, boundaries = IgnoreRules.of_root(self.root, exclude=self.exclude), Boundaries(self.root)
        if not self.scope:
            yield from self._folder("", rules, boundaries, named=True)
        for path in sorted(self.scope, key=lambda p: (p + "/").encode("utf-8", "surrogateescape")):
            yield from self._named(path, rules, boundaries)

    def folders(self) -> Iterator[tuple[str, IgnoreRules]]:
        """Walk the folders that are entered, each with the rules in force in it; for a file that is named, the one it is in."""
        boundaries = Boundaries(self.root)
        pending = [("", IgnoreRules.of_root(self.root, exclude=self.exclude))]
        if self.scope:
            pending = [self._folder_of(path, pending[0][1], boundaries) for path in self.scope]
        while pending:
            prefix, rules = pending.pop()
            folder = self.root / os.fsdecode(prefix)
            try:
                with os.scandir(folder) as listing:
                    found = list(listing)
            except OSError:
                continue
            if prefix and _is_root(found) and boundaries.leaves_out(prefix):
                continue
            inside = rules.entering(folder, prefix, [entry.name for entry in found])
            yield prefix, inside
            for path in (f"{prefix}{entry.name}/" for entry in found if entry.is_dir(follow_symlinks=False)):
                if (beneath := inside.within(path)) is not None:
                    pending.append((path, beneath))

    def _folder_of(self, path: str, rules: IgnoreRules, boundaries: Boundaries) -> tuple[str, IgnoreRules]:
        within = self._above(path, rules, boundaries)
        if (self.root / path).is_dir():
            return f"{path}/", within.without(f"{path}/")
        return path[: path.rfind("/") + 1], within

    def _above(self, path: str, rules: IgnoreRules, boundaries: Boundaries) -> IgnoreRules:
        """Return the rules in force where a named path lies, and let the boundaries know the submodules around it."""
        prefix = ""
        for parent in ["", *path.split("/")[:-1]]:
            prefix = f"{prefix}{parent}/" if parent else prefix
            names = _names(self.root / prefix)
            if prefix and GIT in names:
                boundaries.leaves_out(prefix)
            rules = rules.entering(self.root / prefix, prefix, names)
        return rules

    def _named(self, path: str, rules: IgnoreRules, boundaries: Boundaries) -> Iterator[Entry]:
        rules = self._above(path, rules, boundaries)
        absolute = self.root / path
        if absolute.is_dir():
            yield from self._folder(path + "/", rules.without(path + "/"), boundaries, named=True)
        elif absolute.exists():
            yield self._file(path, absolute.name, absolute.lstat(), named=True)
        else:
            raise PathUnusable(f"{absolute} does not exist", hint="name a file or folder that does")

    def _folder(
        self, prefix: str, rules: IgnoreRules, boundaries: Boundaries, *, named: bool = False
    ) -> Iterator[Entry]:
        # A stack, not recursion: a tree may be deeper than the interpreter's limit.
        pending: list[Iterator[Entry | tuple[str, IgnoreRules]]] = [
            self._listing(prefix, rules, boundaries, named=named)
        ]
        while pending:
            for found in pending[-1]:
                if isinstance(found, Entry):
                    yield found
                else:
                    pending.append(self._listing(*found, boundaries))
                    break
            else:
                pending.pop()

    def _listing(
        self, prefix: str, rules: IgnoreRules, boundaries: Boundaries, *, named: bool = False
    ) -> Iterator[Entry | tuple[str, IgnoreRules]]:
        folder = self.root / os.fsdecode(prefix)
        self.entered.append(prefix)
        try:
            with os.scandir(folder) as listing:
                found = list(listing)
        except OSError as exc:
            if named:
                raise PathUnusable(
                    f"cannot read {folder}: {exc.strerror}", hint="check the folder's permissions"
                ) from exc
            yield Entry(stored(prefix), 0, 0, skip=UNREADABLE, folder=True)
            return
        if prefix and _is_root(found) and boundaries.leaves_out(prefix):
            return
        rules = rules.entering(folder, prefix, [entry.name for entry in found])
        for entry in sorted(found, key=_key):
            yield from self._entry(prefix, entry, rules)

    def _entry(
        self, prefix: str, entry: os.DirEntry[str], rules: IgnoreRules
    ) -> Iterator[Entry | tuple[str, IgnoreRules]]:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if (inside := rules.within(path + "/")) is not None:
                yield path + "/", inside
        elif entry.name != GIT and not rules.ignores(path) and self._included(path):
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                yield Entry(stored(path), 0, 0, skip=UNREADABLE)
                return
            yield self._file(path, entry.name, status)

    def _included(self, path: str) -> bool:
        return not self.include or self._includes.match_file(path)

    def _file(self, path: str, name: str, status: os.stat_result, *, named: bool = False) -> Entry:
        size, mtime_ns = status.st_size, status.st_mtime_ns
        spelled = stored(path)
        skip = None
        if spelled != path:
            skip = NAME_NOT_UTF8
        elif len(spelled.encode()) > MAX_PATH_BYTES:
            spelled, skip = spelled.encode()[:MAX_PATH_BYTES].decode(errors="ignore"), NAME_TOO_LONG
        elif stat.S_ISLNK(status.st_mode):
            skip = LINK
        elif not stat.S_ISREG(status.st_mode):
            skip = SPECIAL
        elif named_like_secret(name) and not named:
            skip = LIKELY_SECRET
        elif holds_no_source(name) and not named:
            skip = DATA
        elif size > self.max_file_bytes:
            skip = TOO_LARGE
        return Entry(spelled, size, mtime_ns, skip, inode=inode(status), ctime_ns=status.st_ctime_ns)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names are all that is needed
    except OSError as exc:
        raise PathUnusable(
            f"cannot read {folder}: {exc.strerror}", hint="check that the folder exists and may be read"
        ) from exc


def stored(path: str) -> str:
    r"""Return a path as it is stored: bytes that are not UTF-8 are shown as ``\\xNN``."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _is_root(found: list[os.DirEntry[str]]) -> bool:
    """Tell whether a folder is the root of a repository."""
    return any(entry.name == GIT for entry in found)


def _key(entry: os.DirEntry[str]) -> bytes:
    """Order entries as their full paths are ordered by bytes: a folder sorts with its slash."""
    name = stored(entry.name) + ("/" if entry.is_dir(follow_symlinks=False) else "")
    return name.encode()
