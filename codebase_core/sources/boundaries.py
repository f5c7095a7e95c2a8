"""Where a tree ends: repositories within it that are none of its submodules, such as nested worktrees and foreign clones."""

from __future__ import annotations

import os
from configparser import ConfigParser
from configparser import Error as Unreadable
from pathlib import Path

from .git import common_folder, git_folder

GIT = ".git"
"""The folder of a repository; in a worktree and in a submodule a file that says where that is."""

_REGISTERED = ".gitmodules"
_MAX_BYTES = 1_000_000


class Boundaries:
    """Tells the repositories that are part of a tree from those that are not, while the tree is walked from its root down.

    A repository is part of another one only as a submodule. A folder that is no repository holds all that lie in it, but for
    linked worktrees: those show a repository that stands elsewhere.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._is_git = os.path.lexists(root / GIT)
        self._submodules = _submodules(root, "") if self._is_git else set()

    def leaves_out(self, prefix: str) -> bool:
        """Tell whether a folder that holds ``.git`` is not part of the tree; ``prefix`` is its path with a trailing slash.

        Of a submodule, its own submodules are known from then on.
        """
        folder = self._root / os.fsdecode(prefix)
        if not self._is_git:
            return is_linked_worktree(folder)
        if prefix not in self._submodules:
            return True
        self._submodules |= _submodules(folder, prefix)
        return False


def is_part_of(inner: Path, outer: Path) -> bool:
    """Tell whether a folder is part of the tree above it; both are real paths."""
    boundaries, prefix = Boundaries(outer), ""
    for name in inner.relative_to(outer).parts:
        prefix += f"{name}/"
        if os.path.lexists(outer / prefix / GIT) and boundaries.leaves_out(prefix):
            return False
    return True


def is_linked_worktree(folder: Path) -> bool:
    """Tell whether a folder is a worktree that was added to a repository elsewhere."""
    own = git_folder(folder)
    return own is not None and common_folder(own) != own


def _submodules(folder: Path, prefix: str) -> set[str]:
    """Return the prefixes of the submodules that a repository registers; a file that cannot be read registers none."""
    parser = ConfigParser(strict=False, interpolation=None, allow_no_value=True, comment_prefixes=("#", ";"))
    try:
        with (folder / _REGISTERED).open("rb") as file:
            parser.read_string(file.read(_MAX_BYTES).decode(errors="replace"))
    except (OSError, Unreadable):
        return set()
    paths = (parser.get(section, "path", fallback=None) for section in parser.sections())
    named = (path.strip().strip('"').strip("/") for path in paths if path)
    return {f"{prefix}{path}/" for path in named if path}
