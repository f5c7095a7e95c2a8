"""Which content a file had: what tells, without reading it, that it still has it.

Size and time of modification alone do not: two files of one size swap their names, ``touch -r`` and ``tar`` set the time.
Which file it is, and when it was last changed in any way, cannot be set (git's index holds both as well).
"""

from __future__ import annotations

import os
import time
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codebase_core_hookspecs import FileState

GRAIN_NS = 15_000_000
"""Two changes within one tick of the kernel's clock, 1 to 10 ms, leave the same time; nanoseconds."""

COARSE_GRAIN_NS = 2_000_000_000
"""The tick of file systems that keep whole seconds, or as FAT every other one."""

UNCERTAIN = -1
"""A time of change that no file has: it may have changed once more within the tick, and is read again."""

_SECOND = 1_000_000_000
_STORED_BITS = (1 << 63) - 1


def settled(file: IO[Any]) -> os.stat_result:
    """Return the state of an open file that is about to be read, after the tick of its last change has passed.

    What changes it from then on leaves another time. Waits 15 ms at most; where a file system keeps whole seconds, the file
    is ``UNCERTAIN`` instead (git calls such an entry racy).
    """
    status = os.fstat(file.fileno())
    age = time.time_ns() - status.st_ctime_ns
    if 0 <= age < GRAIN_NS:
        time.sleep((GRAIN_NS - age) / _SECOND)
        status = os.fstat(file.fileno())
    return status


def certain_ctime(status: os.stat_result) -> int:
    """Return the time of a file's last change, or ``UNCERTAIN``; nanoseconds."""
    coarse = status.st_ctime_ns % _SECOND == 0
    grain = COARSE_GRAIN_NS if coarse else GRAIN_NS
    return status.st_ctime_ns if time.time_ns() - status.st_ctime_ns >= grain else UNCERTAIN


def inode(status: os.stat_result) -> int:
    """Return the number of a file in its file system, in 63 bits, as databases keep integers."""
    return status.st_ino & _STORED_BITS


def is_untouched(known: FileState, *, size: int, mtime_ns: int, inode: int, ctime_ns: int) -> bool:
    """Tell for certain that a file has the content that it was indexed with.

    An index of an earlier version knows neither inode nor time of change: size and time of modification decide.
    """
    if (size, mtime_ns) != (known.size, known.mtime_ns):
        return False
    return known.ctime_ns == 0 or (inode, ctime_ns) == (known.inode, known.ctime_ns)
