"""The lock of a server: taken by whoever starts it and inherited by every process of the server.

The kernel frees it when the last of them is gone, however it died. So it says whether a server lives where a pid file
cannot: after a kill -9, a reboot, with a recycled pid, a zombie, in another pid namespace. filelock does not do here: it
keeps its descriptor to itself and unlocks on release, which would take the lock from the server that inherited it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(file: Path) -> Iterator[int | None]:
    """Yield the descriptor of the lock, or None when another process or a server holds it.

    Closed but never unlocked: a server that inherited the descriptor keeps the lock.
    """
    import fcntl  # noqa: PLC0415 - POSIX only

    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield descriptor
    finally:
        os.close(descriptor)


def is_held(file: Path) -> bool:
    """Tell whether a server lives or is being started."""
    import fcntl  # noqa: PLC0415 - POSIX only

    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two that ask do not see each other
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
