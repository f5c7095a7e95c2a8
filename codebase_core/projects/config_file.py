"""A repository's ``.codebase-mcp/config.json``: what a file that anybody may commit is allowed to say."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from codebase_core.errors import ConfigFileError, IllegalName, choices

from .names import check_name

_NAME = ".codebase-mcp/config.json"
MAX_PARENTS = 20
_MAX_BYTES = 64 * 1024

_TOP = ("version", "project", "auto_switch", "strict_mode", "description", "include", "exclude", "max_file_bytes")
_PROJECT = ("name", "id")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


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
    """Read and check one file."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise ValueError("larger than 64 KiB")
        table = json.loads(data)
    except (OSError, ValueError, RecursionError) as exc:
        raise ConfigFileError(f"{file}: {exc}", hint="mend the file or remove it") from exc
    _check_keys(file, "the file", table, _TOP)
    project = table.get("project", {})
    _check_keys(file, "project", project, _PROJECT)
    return ConfigFile(
        path=file,
        name=_name(file, project),
        id=_id(file, project),
        description=_typed(file, table, "description", str),
        auto_switch=_typed(file, table, "auto_switch", bool) is not False,
        strict_mode=_typed(file, table, "strict_mode", bool) is True,
        include=_patterns(file, table, "include"),
        exclude=_patterns(file, table, "exclude"),
        max_file_bytes=_size(file, table, "max_file_bytes"),
    )


def _check_keys(file: Path, part: str, table: object, known: tuple[str, ...]) -> None:
    if not isinstance(table, dict):
        raise ConfigFileError(f"{file}: {part} must be a JSON object, not {type(table).__name__}", hint="mend the file")
    for key in table:
        if key not in known:
            hint = f"{choices(key, known)}; databases, servers, models and plugins belong into the user's own settings"
            raise ConfigFileError(f"{file}: a repository may not set {key!r}", hint=hint)


def _typed(file: Path, table: Mapping[str, Any], key: str, wanted: type) -> Any:
    value = table.get(key)
    if value is not None and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        raise ConfigFileError(f"{file}: {key} must be of type {wanted.__name__}", hint="mend the file")
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise ConfigFileError(f"{file}: {key} holds a character that no database takes", hint="mend the file")
    return value


def _size(file: Path, table: Mapping[str, Any], key: str) -> int | None:
    value: int | None = _typed(file, table, key, int)
    if value is not None and value < 1:
        raise ConfigFileError(f"{file}: {key} must be at least 1, not {value}", hint="mend the file")
    return value


def _name(file: Path, project: Mapping[str, Any]) -> str | None:
    name: str | None = _typed(file, project, "name", str)
    try:
        return check_name(name) if name is not None else None
    except IllegalName as exc:
        raise ConfigFileError(f"{file}: {exc.message}", hint=exc.hint) from None


def _patterns(file: Path, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigFileError(f"{file}: {key} must be a list of patterns as in .gitignore", hint="mend the file")
    if value:
        from codebase_core.sources.ignore import parsed  # noqa: PLC0415 - 10 ms, and few files hold patterns

        for each in value:
            if each.strip() and not each.startswith("#") and parsed(each) is None:
                raise ConfigFileError(f"{file}: {key} holds {each!r}, which is no pattern", hint="mend the file")
    return tuple(value)


def _id(file: Path, project: Mapping[str, Any]) -> UUID | None:
    value = _typed(file, project, "id", str)
    try:
        return UUID(value) if value is not None else None
    except ValueError:
        raise ConfigFileError(f"{file}: project.id is not a UUID: {value!r}", hint="mend the file") from None
