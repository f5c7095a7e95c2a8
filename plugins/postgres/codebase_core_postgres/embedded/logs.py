"""What the server wrote: the words of its start and the files of the week."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .layout import Layout

_TAIL_BYTES = 256 * 1024  # of a file
_REDIRECTING = "redirecting log output"
_STARTING = "starting PostgreSQL"


def tail(layout: Layout, lines: int) -> str:
    """Return the last ``lines`` lines of the newest log files, oldest first."""
    found: list[str] = []
    for file in reversed(_by_age(layout.log, "*.log")):
        found = _last_lines(file) + found
        if len(found) >= lines:
            break
    return "\n".join(found[-lines:])


def startup_words(layout: Layout) -> str:
    """Return what the last start said: before the log files were open, else in the newest of them."""
    early = "\n".join(_last_lines(layout.startup_log))
    files = _by_age(layout.log, "server-*.log")
    if _REDIRECTING not in early or not files:
        return early
    return "\n".join(_last_lines(files[-1])).rpartition(_STARTING)[2]


def _by_age(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda file: (file.stat().st_mtime_ns, file.name))


def _last_lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - _TAIL_BYTES))
            return stream.read().decode("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
