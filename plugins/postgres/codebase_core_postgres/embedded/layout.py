"""Where the embedded server keeps its things."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account import Account

MAJOR = 18  # of PostgreSQL; the data of another one cannot be read
SYSTEM_AREA = Path("/var/lib/codebase-core")
PORT = 5432
SOCKET_PATH_LIMIT = 103  # bytes; sockaddr_un holds 107 on Linux, 103 on macOS


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The folders and files of the server of ``home``, all under ``area``, which is closed to other accounts."""

    home: Path
    area: Path

    @property
    def mode(self) -> int:
        """The permission bits of ``area``: through root's, the account that runs the server may pass."""
        return 0o710 if os.geteuid() == 0 else 0o700

    @property
    def data(self) -> Path:
        """The data folder, one per major version."""
        return self.area / f"postgres-{MAJOR}"

    @property
    def binaries(self) -> Path:
        """Copies of PostgreSQL, one folder per version: a server must outlive the environment that started it."""
        return self.area / "binaries"

    @property
    def log(self) -> Path:
        """The folder of log files."""
        return self.area / "log"

    @property
    def startup_log(self) -> Path:
        """What the server says before its log files are open; written anew at every start."""
        return self.log / "startup.log"

    @property
    def lock(self) -> Path:
        """The file whose lock a running server holds."""
        return self.area / "lock"

    @property
    def configuration(self) -> Path:
        """The settings of the server, written anew at every start."""
        return self.area / "postgresql.conf"

    def socket_dir(self, owner: Account) -> Path:
        """Return the folder for the socket of a new server: in the area, or a short one where the path is too long."""
        name = f"{SYSTEM_AREA.name}-{owner.uid}-{_digest(self.area)}"
        shorter = (Path(tempfile.gettempdir()) / name, Path("/tmp") / name)  # noqa: S108 - owner and mode are verified
        fits = (folder for folder in (self.area / "socket", *shorter) if _length(folder) <= SOCKET_PATH_LIMIT)
        return next(fits)


def socket_path(folder: Path, port: int) -> Path:
    """Return the path of the socket that PostgreSQL makes in ``folder``."""
    return folder / f".s.PGSQL.{port}"


def layout_of(state_dir: Path, *, system_area: Path = SYSTEM_AREA) -> Layout:
    """Return the layout for a user's state folder; root's server, which another account runs, lives in ``system_area``."""
    home = state_dir.expanduser().resolve()
    return Layout(home=home, area=system_area.resolve() / _digest(home) if os.geteuid() == 0 else home / "server")


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _length(folder: Path) -> int:
    return len(os.fsencode(socket_path(folder, PORT)))
