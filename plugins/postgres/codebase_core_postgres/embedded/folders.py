"""Folders and files that only the right accounts can open; what others made is never changed, only refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import FolderUnusable

if TYPE_CHECKING:
    from .account import Account


def check_name(folder: Path) -> None:
    """Raise FolderUnusable for a path that initdb would hand to a shell unquoted, or that its files cannot hold."""
    awkward = sorted(set(str(folder)) & set('"$`\\\n\r'))
    if awkward:
        raise FolderUnusable(
            f"PostgreSQL cannot live in {str(folder)!r}: the name contains {awkward[0]!r}",
            folder=folder,
            hint="set CODEBASE_CORE_HOME to a folder with a plain name",
        )


def make_folder(folder: Path, *, owner: Account, mode: int = 0o700) -> None:
    """Create ``folder`` for ``owner`` with the permission bits ``mode``, or complete and check what is there.

    Raise FolderUnusable if it is a link, belongs to somebody else or is open beyond ``mode``; OSError if it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        check_folder(folder, uids={owner.uid, os.geteuid()}, mode=mode)
    found = folder.lstat()
    if (found.st_uid, found.st_gid) != (owner.uid, owner.gid) and os.geteuid() == 0:
        os.chown(folder, owner.uid, owner.gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != mode and found.st_uid == os.geteuid():
        folder.chmod(mode)


def check_folder(folder: Path, *, uids: set[int], mode: int = 0o700) -> None:
    """Raise FolderUnusable unless ``folder`` is a real folder of one of ``uids`` with no permission beyond ``mode``."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise FolderUnusable(f"{folder} is not a folder", folder=folder, hint=f"remove {folder}, or rename it")
    if found.st_uid not in uids:
        raise FolderUnusable(
            f"{folder} belongs to another account (user id {found.st_uid})",
            folder=folder,
            hint="set CODEBASE_CORE_HOME to a folder of your own",
        )
    if stat.S_IMODE(found.st_mode) & 0o777 & ~mode:
        raise FolderUnusable(
            f"{folder} is open to other accounts (mode {stat.S_IMODE(found.st_mode):04o})",
            folder=folder,
            hint=f"chmod {mode:o} {folder}",
        )


def write_file(file: Path, text: str, *, reader: Account) -> None:
    """Write a file of this process that ``reader`` can read and nobody else."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as stream:
        if reader.other:
            os.fchown(descriptor, -1, reader.gid)
            os.fchmod(descriptor, 0o640)
        stream.write(text)
