"""The pid file of a data folder, and whether somebody stands behind it."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .errors import DataInUse
from .layout import socket_path

_LINES = 8  # pid, data folder, start time, port, socket folder, address, shared memory, state (pidfile.h)
_CONNECT_TIMEOUT = 5.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """What a complete ``postmaster.pid`` says; ``state`` is starting, ready or stopping."""

    pid: int
    started_at: datetime
    port: int
    socket_dir: Path
    state: str

    @property
    def socket(self) -> Path:
        """The path of the server's socket."""
        return socket_path(self.socket_dir, self.port)


def read_postmaster(data: Path) -> Postmaster | None:
    """Return what the pid file of ``data`` says, None if there is none or it is not complete. It may be stale."""
    lines = _lines(data)
    if len(lines) < _LINES or not lines[4] or not all(lines[at].isdigit() for at in (0, 2, 3)):
        return None
    return Postmaster(
        pid=int(lines[0]),
        started_at=datetime.fromtimestamp(int(lines[2]), tz=UTC),
        port=int(lines[3]),
        socket_dir=Path(lines[4]),
        state=lines[7].strip(),
    )


def accepts(postmaster: Postmaster) -> bool:
    """Tell whether somebody listens on the socket; PostgreSQL does not log a connection that says nothing."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_CONNECT_TIMEOUT)
        try:
            probe.connect(os.fsencode(postmaster.socket))
        except OSError:
            return False
    return True


def clear_stale(data: Path, socket_dir: Path) -> None:
    """Remove pid files that PostgreSQL would take for those of a living server. Only under the server's lock.

    It overrules a dead pid by itself, but not a recycled pid of the same account and not an empty file. Raise DataInUse if
    the process does serve ``data``: somebody started PostgreSQL by hand.
    """
    import psutil  # noqa: PLC0415 - an attach need not pay for it

    if (data / "postmaster.pid").exists():
        first = next(iter(_lines(data)), "").lstrip("-")  # negative: a server without clients, for repairs
        pid = int(first) if first.isdigit() else 0
        if pid and serves(pid, data):
            raise DataInUse(
                f"process {pid} runs PostgreSQL on {data}, but codebase-core did not start it",
                hint=f"stop it: kill -INT {pid}",
            )
        if not pid or psutil.pid_exists(pid):
            (data / "postmaster.pid").unlink()
    for left in socket_dir.glob(".s.PGSQL.*"):
        left.unlink()


def serves(pid: int, data: Path) -> bool:
    """Tell whether process ``pid`` of this pid namespace is a server on ``data``."""
    import psutil  # noqa: PLC0415 - an attach need not pay for it

    try:
        return Path(psutil.Process(pid).cwd()) == data  # a server works in its data folder
    except psutil.Error:  # gone, a zombie, or a process of another account
        return False


def _lines(data: Path) -> list[str]:
    try:
        return os.fsdecode((data / "postmaster.pid").read_bytes()).splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
