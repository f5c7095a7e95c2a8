"""Who holds a write lease: a process, told apart from a later one with the same number."""

from __future__ import annotations

import os
import socket
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """A process: ``kernel`` tells machines, boots and containers apart, ``started`` processes with one number."""

    host: str
    kernel: str
    pid: int
    started: str

    @classmethod
    def current(cls) -> ProcessIdentity:
        """Return this process."""
        return cls(host=socket.gethostname(), kernel=_kernel(), pid=os.getpid(), started=_started(os.getpid()) or "")

    @classmethod
    def read(cls, stored: dict[str, Any]) -> ProcessIdentity:
        """Read a holder back from its row."""
        return cls(host=stored["host"], kernel=stored["kernel"], pid=stored["pid"], started=stored["started"])

    def as_row(self) -> dict[str, Any]:
        """Return what is stored."""
        return asdict(self)

    def is_dead(self) -> bool:
        """Tell for certain that the process is gone; False when it lives or cannot be seen from here."""
        return self.kernel == _kernel() and _started(self.pid) != self.started

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


@cache
def _kernel() -> str:
    """Return what is the same for all processes that see each other's numbers: boot and process namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return f"{socket.gethostname()} {_shell('sysctl', '-n', 'kern.boottime')}"


def _started(pid: int) -> str | None:
    """Return when a process started, in its kernel's words; None if there is none."""
    try:
        # The name in parentheses may hold anything; field 3 is the state, 22 the start time (proc_pid_stat(5)).
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]  # one that ended unnoticed by its parent is gone too
    except FileNotFoundError:
        return None if Path("/proc/self").exists() else _shell("ps", "-o", "lstart=", "-p", str(pid)) or None


def _shell(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - fixed words
