"""What git knows of a tree: where its folder is, which files it tracks, what the user has it ignore everywhere."""

from __future__ import annotations

import os
import subprocess
from bisect import bisect_left
from collections import OrderedDict
from functools import cached_property
from pathlib import Path

_SECONDS = 30
_PLACES = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_NAMESPACE",
    }
)
"""Called from a hook of git, the environment names the repository of that hook."""

_SAFE = (
    "-c",
    "safe.directory=*",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.pager=cat",
)
"""No program that a repository names is run."""

_SUBMODULE = b"160000"
_KEPT_LISTS = 8
_lists: OrderedDict[tuple[str, tuple[int, int, int]], list[bytes]] = OrderedDict()
"""Tracked files by repository and state of its index: whoever serves looks at a tree again and again."""


def run_git(root: Path, *arguments: str, timeout: float = _SECONDS) -> bytes | None:
    """Run git in a folder, if it is there; None if it fails or has nothing to say."""
    environ = {name: value for name, value in os.environ.items() if name not in _PLACES} | {"GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", *_SAFE, "-C", str(root), *arguments]
    try:
        found = subprocess.run(command, capture_output=True, timeout=timeout, check=False, env=environ)  # noqa: S603
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return found.stdout or None if found.returncode == 0 else None


def git_folder(root: Path) -> Path | None:
    """Return the folder where git keeps a work tree's own state; None if the root has none."""
    place = root / ".git"
    try:
        if place.is_dir():
            return place
        link = place.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return (root / link.removeprefix("gitdir:").strip()).resolve() if link.startswith("gitdir:") else None


def common_folder(folder: Path) -> Path:
    """Return what a worktree shares with its repository, given its git folder; of any other repository the folder itself."""
    try:
        return (folder / (folder / "commondir").read_text(encoding="utf-8").strip()).resolve()
    except (OSError, ValueError):
        return folder


def exclude_files(root: Path) -> list[Path]:
    """Return the files with rules that stand outside the tree, those that others override first."""
    folder = git_folder(root)
    if folder is None:
        return []
    named = run_git(root, "config", "--type=path", "--get", "core.excludesFile")
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    everywhere = root / os.fsdecode(named.rstrip(b"\n")) if named else home / "git" / "ignore"
    return [everywhere, common_folder(folder) / "info" / "exclude"]


class TrackedFiles:
    """The files that git tracks in a repository, listed when first asked for; ``prefix`` is its place in the tree."""

    def __init__(self, root: Path, prefix: str = "") -> None:
        self._root = root
        self._prefix = prefix

    def __contains__(self, path: str) -> bool:
        """Tell whether a file is tracked, or for a path that ends with a slash, a file in that folder."""
        wanted = os.fsencode(path[len(self._prefix) :])
        at = bisect_left(self._paths, wanted)
        if at == len(self._paths):
            return False
        return self._paths[at].startswith(wanted) if wanted.endswith(b"/") else self._paths[at] == wanted

    @cached_property
    def _paths(self) -> list[bytes]:
        """The paths in byte order, a submodule as a folder."""
        folder = git_folder(self._root)
        if folder is None:
            return []
        key = (str(self._root), _state(folder / "index"))
        if key not in _lists:
            listed = run_git(self._root, "ls-files", "-z", "--cached", "--stage") or b""
            entries = (entry.partition(b"\t") for entry in listed.split(b"\0") if entry)
            _lists[key] = sorted({path + b"/" if kind.startswith(_SUBMODULE) else path for kind, _, path in entries})
        while len(_lists) > _KEPT_LISTS:
            _lists.popitem(last=False)
        return _lists[key]


def _state(index: Path) -> tuple[int, int, int]:
    try:
        status = index.stat()
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_mtime_ns, status.st_size
