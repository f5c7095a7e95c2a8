"""The files outside of a tree that decide what of it is indexed: git's lists of tracked files, its settings, its rules."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from .git import common_folder, exclude_files, git_folder

Stamps: TypeAlias = "dict[str, list[int] | None]"
"""Inode, time of change and size by path; None where there is no file."""


def rule_files(root: Path, folders: Iterable[str]) -> list[Path]:
    """Return the files, which need not exist, for a root and for the submodules among the folders that were entered."""
    found = [*exclude_files(root), *_settings()]
    for prefix in dict.fromkeys(["", *folders]):
        place = root / os.fsdecode(prefix)
        if os.path.lexists(place / ".git") and (folder := git_folder(place)) is not None:
            common = common_folder(folder)
            found += [folder / "index", folder / "config.worktree", common / "config", common / "info" / "exclude"]
    return list(dict.fromkeys(found))


def stamps_of(files: Iterable[Path | str]) -> Stamps:
    """Return what changes when one of the files does."""
    return {str(file): _stamp(file) for file in files}


def _settings() -> list[Path]:
    """Return the settings of git that may name a file of rules."""
    configured = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "git" / "config"
    chosen = (os.environ.get(name) for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"))
    return [Path("/etc/gitconfig"), Path.home() / ".gitconfig", configured, *(Path(each) for each in chosen if each)]


def _stamp(file: Path | str) -> list[int] | None:
    try:
        state = os.stat(file)  # noqa: PTH116 - some of them for every question
    except OSError:
        return None
    return [state.st_ino, state.st_ctime_ns, state.st_size]
