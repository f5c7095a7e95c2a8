"""A repository on this machine: its root, what tells it apart, its commit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from codebase_core.errors import PathUnusable
from codebase_core.sources.git import common_folder, git_folder, run_git

_GIT_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A source root and what the user named in it: ``scope`` is relative to the root, empty for all of it."""

    root: Path
    scope: str

    @classmethod
    def at(cls, path: Path | str) -> Repository:
        """Find the root of a file or folder: the nearest ancestor with ``.git``, else the folder itself."""
        try:
            real = Path(path).resolve(strict=True)
            str(real).encode()
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode(errors="backslashreplace")
            raise PathUnusable(
                f"the path {shown} is not UTF-8 and cannot be stored", hint="rename the folder"
            ) from None
        except FileNotFoundError:
            raise PathUnusable(f"{path} does not exist", hint="name a folder of source code") from None
        except (OSError, RuntimeError, ValueError) as exc:
            raise PathUnusable(f"cannot read {path!r}: {exc}", hint="check the folder's permissions") from exc
        if not (real.is_dir() or real.is_file()):
            raise PathUnusable(f"{path} is neither a folder nor a file", hint="name a folder of source code")
        start = real if real.is_dir() else real.parent
        root = next((folder for folder in (start, *start.parents) if _has_git(folder)), start)
        scope = real.relative_to(root).as_posix()
        return cls(root=root, scope="" if scope == "." else scope)

    def check_bounded(self) -> None:
        """Raise PathUnusable for the root of the file system, where programs start that nobody told a folder."""
        if self.root.parent == self.root and not self.is_git:
            raise PathUnusable(f"{self.root} is the whole file system", hint="name a folder of source code")

    def check_folder(self) -> None:
        """Raise PathUnusable for a file outside a repository: a project is not made for one file of any folder."""
        if not self.is_git and (self.root / self.scope).is_file():
            raise PathUnusable(
                f"{self.root / self.scope} is a file of no repository", hint=f"name its folder: {self.root}"
            )

    @property
    def is_git(self) -> bool:
        """Whether the root is one by its own ``.git``."""
        return _has_git(self.root)

    def within(self, root: Path) -> Repository:
        """Return the same place as seen from a root above."""
        scope = (self.root / self.scope).relative_to(root).as_posix()
        return Repository(root=root, scope="" if scope == "." else scope)

    def commit(self) -> str | None:
        """Return the commit that is checked out; None outside git."""
        return _git(self.root, "rev-parse", "--verify", "--quiet", "HEAD")

    def has_commit(self, commit: str) -> bool:
        """Whether the repository holds a commit, checked out or not."""
        return _git(self.root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}") is not None

    def identity(self, machine: UUID) -> str:
        """Return what makes two checkouts the same repository: the normalised origin, else machine and main worktree."""
        return self.origin() or f"{machine}{main_worktree(self.root)}"

    def origin(self) -> str | None:
        """Return the normalised URL of the origin; None if there is none."""
        url = _git(self.root, "config", "--get", "remote.origin.url")
        try:
            return normalised(url) if url else None
        except ValueError:  # not a URL that can be taken apart
            return None


def normalised(url: str) -> str:
    """Return a remote's URL without scheme, user, password and ``.git``, so that ssh and https agree."""
    if "://" not in url and ":" in url:
        host, _, path = url.partition(":")
        url = f"ssh://{host}/{path}"
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}/{parts.path.strip('/').removesuffix('.git')}"


def _has_git(folder: Path) -> bool:
    try:
        return (folder / ".git").exists()
    except OSError:
        return False


def main_worktree(root: Path) -> Path:
    """Return the root of the repository that a worktree belongs to; of any other root itself."""
    own = git_folder(root)
    if own is None or (common := common_folder(own)) == own:
        return root
    return common.parent if common.name == ".git" else common


def _git(root: Path, *arguments: str) -> str | None:
    """Run git if it is there; None if it has nothing to say."""
    found = run_git(root, *arguments, timeout=_GIT_SECONDS)
    return found.decode(errors="replace").strip() or None if found is not None else None
