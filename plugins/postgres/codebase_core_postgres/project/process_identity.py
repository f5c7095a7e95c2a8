"""Who holds a write lease: a process, told apart from a later one with the same number."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

_CLOCK_SECONDS = 60.0
"""How far the start of one process may seem to move: it is counted from the boot, whose time follows a clock that is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """A process: ``kernel`` tells machines, boots and containers apart, ``started`` (seconds) processes with one number."""

    host: str
    kernel: str
    pid: int
    started: float | None

    @classmethod
    def current(cls) -> ProcessIdentity:
        """Return this process."""
        return cls(host=socket.gethostname(), kernel=_kernel(), pid=os.getpid(), started=_started(os.getpid()))

    @classmethod
    def read(cls, stored: dict[str, Any]) -> ProcessIdentity:
        """Read an identity back from its row; the start that an earlier version wrote, text, says nothing here."""
        started = stored["started"]
        known = None if isinstance(started, str) else started
        return cls(host=stored["host"], kernel=stored["kernel"], pid=stored["pid"], started=known)

    def as_row(self) -> dict[str, Any]:
        """Return what is stored."""
        return asdict(self)

    def is_dead(self) -> bool:
        """Tell for certain that the process is gone; False when it lives or cannot be seen from here."""
        if self.kernel != _kernel() or self.started is None:
            return False
        started = _started(self.pid)
        return started is None or abs(started - self.started) > _CLOCK_SECONDS

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


def is_alive(holder: dict[str, Any]) -> bool:
    """Tell whether a stored holder may still be at work: not if it was a process of this machine that is gone."""
    return not ProcessIdentity.read(holder).is_dead()


@cache
def _kernel() -> str:
    """Return what is the same for all processes that see each other's numbers: boot and process namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # not Linux
        import psutil  # noqa: PLC0415 - only a writer needs it

        return f"{socket.gethostname()} {psutil.boot_time():.0f}"


def _started(pid: int) -> float | None:
    """Return when a process started, in seconds since the epoch; None if it is gone or a zombie."""
    import psutil  # noqa: PLC0415 - only a writer needs it

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None
