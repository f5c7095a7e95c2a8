"""Files that several processes share: replaced whole, and locked.

``filelock`` was compared: its 21 modules take 40 to 60 ms to import, a fifth of a command, and where a file system has no
``flock`` it falls back to a lock that a killed process leaves behind.
"""

from __future__ import annotations

import errno
import fcntl
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE_SECONDS = 0.005
"""Between two looks at a lock, give or take a half: waiting processes do not look in step."""


def replace_file(file: Path, text: str, *, durable: bool = False) -> None:
    """Put a text in a file's place: a reader sees the old file or the new one, never a part. Raises OSError.

    Only this account can read the file. With ``durable`` it survives a loss of power once this returns.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:  # noqa: PTH123 - a mode
            opened.write(text.encode())
            if durable:
                opened.flush()
                os.fsync(opened.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    if durable:  # the name, too
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def exclusive_lock(file: Path, *, timeout_s: float) -> Iterator[None]:
    """Hold a lock file against other threads and processes; its folder is made. Raises TimeoutError and other OSErrors.

    The kernel frees the lock when the holder ends, however it ends.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + timeout_s
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise TimeoutError(errno.ETIMEDOUT, f"another process has held it for {timeout_s:g} s", str(file))
            time.sleep(_PAUSE_SECONDS * (0.5 + random.random()))  # noqa: S311 - not a secret
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
