"""A progress bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core.indexing.progress import OnProgress, Progress


@contextmanager
def shown_progress() -> Iterator[OnProgress]:
    """Yield what to call with the counters; the bar shows files, chunks a second and the time left."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - 40 ms, only on a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("indexing", total=None, rate="")

        def update(progress: Progress) -> None:
            rate = f"{progress.chunks / max(progress.seconds, 0.001):,.0f} chunks/s"
            bar.update(task, completed=progress.done, total=progress.changed, rate=rate)

        yield update
