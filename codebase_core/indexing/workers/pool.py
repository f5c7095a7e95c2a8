"""Worker processes with a deadline a file, replaced one by one: a file that kills or hangs one costs only itself."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import deque
from typing import TYPE_CHECKING

from codebase_core.errors import WorkerFailed

from .messages import EVERYTHING, FileResult, Task
from .process import DIED, WorkerProcess

if TYPE_CHECKING:
    from .messages import Loading, Setup

logger = logging.getLogger(__name__)

MAX_START_FAILURES = 3
"""Workers that may die before they are ready; after that the fault is not a passing one."""

_START_SECONDS = 60.0
_IDLE_SECONDS = 30.0
"""How long workers wait for another run: an agent edits and asks in turns, and a process takes 0.1 s to start."""

Groups = asyncio.Queue[list[Task] | None]
Results = asyncio.Queue[FileResult | None]


class WorkerPool:
    """Read files in up to ``size`` processes a run, each started when there is work for it and kept for the next run."""

    def __init__(
        self, *, size: int, timeout: float, loading: Loading = EVERYTHING, idle: float = _IDLE_SECONDS
    ) -> None:
        self.size = size
        self._timeout = timeout
        self._loading = loading
        self._idle_seconds = idle
        self._idle: list[WorkerProcess] = []
        self._ending: asyncio.Task[None] | None = None

    async def run(self, setup: Setup, groups: Groups, results: Results) -> None:
        """Serve groups of tasks until None comes; then put None behind the last result."""
        async with asyncio.TaskGroup() as serving:
            for _ in range(self.size):
                serving.create_task(self._serve(setup, groups, results))
        await results.put(None)

    async def aclose(self) -> None:
        """End the processes that wait."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        while self._idle:
            await self._idle.pop().kill()

    async def _serve(self, setup: Setup, groups: Groups, results: Results) -> None:
        worker: WorkerProcess | None = None
        try:
            while (group := await groups.get()) is not None:
                waiting = deque(group)
                reason = None
                while waiting:
                    worker = worker or await self._ready()
                    reason = await self._drain(worker, setup, waiting, results, reason)
                    if reason is not None:
                        await worker.kill()
                        worker = None
            await groups.put(None)  # for the next one
        except BaseException:
            if worker is not None:
                await worker.kill()
            raise
        if worker is not None:
            await self._keep(worker)

    async def _drain(
        self, worker: WorkerProcess, setup: Setup, waiting: deque[Task], results: Results, fallback: str | None
    ) -> str | None:
        """Have a worker read what waits; return why it failed at the first of what is left, None when all is read."""
        worker.send(setup, waiting)
        while waiting:
            try:
                async with asyncio.timeout(self._timeout):  # wait_for of Python 3.11 can lose a cancellation
                    result = await worker.receive()
            except TimeoutError:
                reason = f"took over {self._timeout:g} s"
            except DIED:
                reason = f"crashed its worker ({await worker.exit_status()})"
            else:
                task = waiting.popleft()
                await results.put(result._replace(fallback=fallback) if task.by_lines else result)
                continue
            task = waiting.popleft()
            logger.warning("%s %s", task.path, reason, extra={"path": task.path, "by_lines": task.by_lines})
            if task.by_lines:
                await results.put(FileResult(task.path, 0, 0, b"", skip=reason))
            else:
                waiting.appendleft(task._replace(by_lines=True))
            return reason
        return None

    async def _ready(self) -> WorkerProcess:
        """Return a worker that answers, one that waits if there is one; raise WorkerFailed if none comes up."""
        while self._idle:
            worker = self._idle.pop()
            if await self._answers(worker) is None:
                return worker
            await worker.kill()
        reason: str | None = None
        for _ in range(MAX_START_FAILURES):
            worker = await WorkerProcess.start(self._loading)
            reason = await self._answers(worker)
            if reason is None:
                return worker
            await worker.kill()
        raise WorkerFailed(
            f"worker processes do not start: the last one {reason}",
            hint=f"try: {sys.executable} -m codebase_core.indexing.workers.main </dev/null",
        )

    async def _answers(self, worker: WorkerProcess) -> str | None:
        """Wait until a worker is ready; return why it is not, None if it is."""
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker.answer()
        except TimeoutError:
            return f"was not ready in {_START_SECONDS:g} s"
        except DIED:
            return f"ended with {await worker.exit_status()}"
        except BaseException:
            await worker.kill()
            raise
        return None

    async def _keep(self, worker: WorkerProcess) -> None:
        """Let a worker wait for the next run; runs side by side may have brought more than one needs."""
        if len(self._idle) >= self.size:
            await worker.kill()
            return
        self._idle.append(worker)
        if self._ending is not None:
            self._ending.cancel()
        self._ending = asyncio.create_task(self._end_later())

    async def _end_later(self) -> None:
        await asyncio.sleep(self._idle_seconds)
        self._ending = None
        await self.aclose()
