"""The write lease: a lock that the kernel frees when its process ends, so that there is nothing to expire or to repair."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from codebase_core_hookspecs import ProjectBusy

HOLDER = f"process {os.getpid()} on {socket.gethostname()}"


@contextmanager
def lease(file: Path) -> Iterator[None]:
    """Hold the lock beside a project's file; raise ProjectBusy naming the process that does."""
    descriptor = os.open(_beside(file), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(descriptor, tries=3):
            holder = os.pread(descriptor, 1_000, 0).decode(errors="replace") or "another process"
            raise ProjectBusy(
                f"another process is indexing this project: {holder}",
                holder=holder,
                hint="wait for it to finish; searches go on meanwhile",
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, HOLDER.encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_held(file: Path) -> bool:
    """Tell whether somebody writes."""
    try:
        descriptor = os.open(_beside(file), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _locked(descriptor, tries=1, kind=fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, *, tries: int, kind: int = fcntl.LOCK_EX) -> bool:
    """Take the lock. Whoever asks in ``is_held`` has it for a moment: a writer tries again."""
    for attempt in range(tries):
        if attempt:
            sleep(0.01)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return True
    return False


def _beside(file: Path) -> str:
    return f"{file}.lock"
