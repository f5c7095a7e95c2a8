"""The data folder: made by initdb beside its place and renamed when it is complete and on disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .endpoint import SUPERUSER
from .errors import DataIncompatible, DataIncomplete
from .failures import failure
from .layout import MAJOR
from .process import run

if TYPE_CHECKING:
    from .account import Account
    from .binaries import Binaries
    from .layout import Layout

_DRAFT = "initdb-"
_OPTIONS = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=peer",
    "--auth-host=reject",
    "--no-instructions",
)


def ensure_cluster(layout: Layout, binaries: Binaries, *, account: Account, lock: int) -> None:
    """Make the data folder unless it is there, complete and of this major version. Only under the server's lock."""
    for left in layout.area.glob(f"{_DRAFT}*"):  # of a start that was killed
        shutil.rmtree(left)
    if layout.data.exists() and any(layout.data.iterdir()):
        _check(layout.data)
        return
    _refuse_others(layout)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=layout.area))
    try:
        _initialize(draft, binaries, account=account, lock=lock)
        draft.rename(layout.data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # renamed, it is not there any more
    _sync(layout.area)


def _initialize(draft: Path, binaries: Binaries, *, account: Account, lock: int) -> None:
    if account.other:
        os.chown(draft, account.uid, account.gid)
    done = run([binaries.initdb, f"--pgdata={draft}", *_OPTIONS], account=account, lock=lock)
    if done.returncode != 0:
        raise failure("initdb", done.stdout + done.stderr, folder=draft.parent)


def _check(data: Path) -> None:
    version = data / "PG_VERSION"
    if not version.exists() or not (data / "global" / "pg_control").exists():
        raise DataIncomplete(
            f"{data} is not a complete data folder of PostgreSQL",
            hint=f"move {data} away and index again",
        )
    found = version.read_text(encoding="ascii", errors="replace").strip()
    if found != str(MAJOR):
        raise DataIncompatible(folder=data, found=found, expected=str(MAJOR))


def _refuse_others(layout: Layout) -> None:
    """Refuse to start empty beside the data of another major version: that would look like a lost index."""
    for other in sorted(layout.area.glob("postgres-*/PG_VERSION")):
        found = other.parent.name.removeprefix("postgres-")
        raise DataIncompatible(folder=other.parent, found=found, expected=str(MAJOR))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
