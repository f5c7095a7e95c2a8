"""Memory of processes while they work: proportional set size (PSS), Linux only."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INTERVAL = 0.2
"""Seconds between two looks."""


def pss(pid: int) -> int:
    """Return the proportional memory of a process and all its children, bytes; 0 once it is gone."""
    total, pending = 0, [pid]
    while pending:
        each = pending.pop()
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            for children in Path(f"/proc/{each}/task").glob("*/children"):
                pending += map(int, children.read_text().split())
        except OSError:
            continue
        total += 1024 * sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total


@contextmanager
def peak_pss(pid: int | None = None) -> Iterator[list[int]]:
    """Watch a process, by default this one, and its children for the block; yield a list whose one item is the peak, bytes."""
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(INTERVAL):
            peak[0] = max(peak[0], pss(pid or os.getpid()))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()
