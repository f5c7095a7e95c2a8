"""Where a repository's ``.codebase-mcp/config.json``, which anybody may commit, is looked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from codebase_core.errors import ConfigFileError

_NAME = ".codebase-mcp/config.json"
MAX_PARENTS = 20
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """What one file says; never a database, server, model, URL or plugin."""

    path: Path
    name: str | None = None
    id: UUID | None = None
    description: str | None = None
    auto_switch: bool = True
    strict_mode: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_bytes: int | None = None

    @property
    def folder(self) -> Path:
        """The folder that the file speaks for."""
        return self.path.parent.parent


_read: dict[str, tuple[tuple[int, ...], ConfigFile]] = {}
"""What was read, with device, inode, mtime and size of the file at that time."""


def find_config(start: Path, *, root: Path) -> ConfigFile | None:
    """Return the nearest file at or above a folder; raise ConfigFileError if it is broken: it never counts as absent."""
    for folder in _folders(str(start), str(root)):
        file = f"{folder.rstrip('/')}/{_NAME}"
        if (seen := _state(file)) is not None:
            known = _read.get(file)
            if known is None or known[0] != seen:
                known = _read[file] = (seen, read_config(Path(file)))
            return known[1]
    return None


def _state(file: str) -> tuple[int, ...] | None:
    """Return what changes when the file does; None if there is no file."""
    try:
        found = os.stat(file)  # noqa: PTH116 - 21 folders are looked at for every request, pathlib takes five times as long
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        raise ConfigFileError(f"{file}: {exc.strerror}", hint="check its permissions, or remove it") from exc
    return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size) if stat.S_ISREG(found.st_mode) else None


def _folders(start: str, root: str) -> Iterator[str]:
    """Go up at most 20 parents; above the repository's root only through folders that nobody else can write."""
    folder, inside = start, True
    for _ in range(MAX_PARENTS + 1):
        inside = inside and (folder == root or folder.startswith(root.rstrip("/") + "/"))
        if not inside and not _trusted(folder):
            return
        yield folder
        above = os.path.dirname(folder)  # noqa: PTH120 - as above
        if above == folder:
            return
        folder = above


def _trusted(folder: str) -> bool:
    try:
        status = os.stat(folder)  # noqa: PTH116 - as above
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or status.st_uid in (os.getuid(), 0)
    return mine and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def read_config(file: Path) -> ConfigFile:
    """Read and check one file; raise ConfigFileError."""
    from .config_contents import read_contents  # noqa: PLC0415 - its models take long to import, and few folders have a file

    try:
        with file.open("rb") as opened:
            data = opened.read(_MAX_BYTES + 1)
    except OSError as exc:
        raise ConfigFileError(f"{file}: {exc}", hint="check its permissions, or remove it") from exc
    if len(data) > _MAX_BYTES:
        raise ConfigFileError(f"{file}: larger than 64 KiB", hint="fix the file, or remove it")
    contents = read_contents(file, data)
    return ConfigFile(
        path=file,
        name=contents.project.name,
        id=contents.project.id,
        description=contents.description,
        auto_switch=contents.auto_switch is not False,
        strict_mode=contents.strict_mode is True,
        include=contents.include,
        exclude=contents.exclude,
        max_file_bytes=contents.max_file_bytes,
    )
