"""Worker processes with a deadline a file, replaced one by one: a file that kills or hangs one costs only itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections import deque
from typing import TYPE_CHECKING, Any

from codebase_core.errors import WorkerFailed

from .tasks import HEADER, FileResult, Task, dump, load

if TYPE_CHECKING:
    from .tasks import Setup

logger = logging.getLogger(__name__)

_STILLBORN = 3
"""Workers that may die before they are ready; after that the fault is not a passing one."""

_START_SECONDS = 60.0

Groups = asyncio.Queue[list[Task] | None]
Results = asyncio.Queue[FileResult | None]


class WorkerPool:
    """Read files in ``size`` processes, each started when there is work for it."""

    def __init__(self, *, size: int, setup: Setup, timeout: float) -> None:
        self._size = size
        self._setup = setup
        self._timeout = timeout

    async def run(self, groups: Groups, results: Results) -> None:
        """Serve groups of tasks until None comes; then put None behind the last result."""
        async with asyncio.TaskGroup() as serving:
            for _ in range(self._size):
                serving.create_task(self._serve(groups, results))
        await results.put(None)

    async def _serve(self, groups: Groups, results: Results) -> None:
        worker: _Worker | None = None
        try:
            while (group := await groups.get()) is not None:
                waiting = deque(group)
                reason = None
                while waiting:
                    worker = worker or await self._started()
                    reason = await self._drain(worker, waiting, results, reason)
                    if reason is not None:
                        await worker.kill()
                        worker = None
            await groups.put(None)  # for the next one
        finally:
            if worker is not None:
                await worker.kill()

    async def _drain(self, worker: _Worker, waiting: deque[Task], results: Results, fallback: str | None) -> str | None:
        """Have a worker read what waits; return why it failed at the first of what is left, None when all is read."""
        worker.send(list(waiting))
        while waiting:
            try:
                async with asyncio.timeout(self._timeout):  # wait_for of Python 3.11 can lose a cancellation
                    result = await worker.receive()
            except TimeoutError:
                reason = f"took over {self._timeout:g} s"
            except (asyncio.IncompleteReadError, ConnectionError):
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

    async def _started(self) -> _Worker:
        """Return a worker that is ready; raise WorkerFailed if none comes up."""
        reason = ""
        for _ in range(_STILLBORN):
            worker = await _Worker.start(self._setup)
            try:
                async with asyncio.timeout(_START_SECONDS):
                    await worker.ready()
            except TimeoutError:
                reason = f"was not ready in {_START_SECONDS:g} s"
            except (asyncio.IncompleteReadError, ConnectionError):
                reason = f"ended with {await worker.exit_status()}"
            except BaseException:
                await worker.kill()
                raise
            else:
                return worker
            await worker.kill()
        raise WorkerFailed(
            f"worker processes do not start: the last one {reason}",
            hint=f"try: {sys.executable} -m codebase_core.indexing.worker </dev/null",
        )


class _Worker:
    """One process; it answers tasks in the order in which they were sent."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, setup: Setup) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the current folder is the user's repository: nothing is imported from it
            "-m",
            "codebase_core.indexing.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the parent alone
        )
        worker = cls(process)
        worker.send(tuple(setup))
        return worker

    def send(self, message: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(dump(message))

    async def ready(self) -> None:
        await self._message()

    async def receive(self) -> FileResult:
        return FileResult(*await self._message())

    async def _message(self) -> Any:
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 - it was asked for
        header = await stdout.readexactly(HEADER.size)
        return load(await stdout.readexactly(HEADER.unpack(header)[0]))

    async def exit_status(self) -> str:
        status = await self._process.wait()
        return f"signal {-status}" if status < 0 else f"exit status {status}"

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
