"""Turn what the operating system and PostgreSQL say into errors that name the folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codebase_core_hookspecs.errors import CodebaseCoreError, StorageFull

from .errors import FolderUnusable, StartFailed
from .layout import SYSTEM_AREA

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_WORDS = ("No space left on device", "Disk quota exceeded")
_REFUSED_WORDS = ("Read-only file system", "Permission denied")
_TELLING = ("PANIC:", "FATAL:", "ERROR:", "error:", "could not")


@contextmanager
def naming(folder: Path) -> Iterator[None]:
    """Raise StorageFull or FolderUnusable with the name of ``folder`` for an OSError of the block."""
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or str(exc)
        if exc.errno in _FULL:
            raise _full(folder) from exc
        raise _refused(f"cannot use {exc.filename or folder}: {reason}", folder) from exc


def failure(step: str, output: str, *, folder: Path) -> CodebaseCoreError:
    """Return the error for ``output`` (English, any length) of a step that failed; it quotes the most telling line."""
    if any(words in output for words in _FULL_WORDS):
        return _full(folder)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = next((line for line in reversed(lines) if any(word in line for word in _TELLING)), None)
    told = telling or (lines[-1] if lines else "it said nothing")
    if any(words in told for words in _REFUSED_WORDS):
        return _refused(f"{step} failed in {folder}: {told}", folder)
    return StartFailed(f"{step} failed: {told}", hint="`codebase-core server logs` shows more")


def _full(folder: Path) -> StorageFull:
    return StorageFull(f"the disk that holds {folder} is full", hint=f"free some space, or {_elsewhere()}")


def _refused(message: str, folder: Path) -> FolderUnusable:
    return FolderUnusable(message, folder=folder, hint=f"make it writable, or {_elsewhere()}")


def _elsewhere() -> str:
    if os.geteuid() == 0:
        return f"make {SYSTEM_AREA} a link to a folder on another disk"
    return "set CODEBASE_CORE_HOME to a folder on another disk"
