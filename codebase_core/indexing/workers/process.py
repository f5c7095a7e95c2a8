"""One worker process as its parent sees it."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .messages import HEADER, PING, FileResult, Task, dump, load

if TYPE_CHECKING:
    from .messages import Loading, Setup

DIED = (asyncio.IncompleteReadError, ConnectionError)
"""What reading from a process raises that is gone."""


class WorkerProcess:
    """A process that answers tasks in the order in which they were sent."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, loading: Loading) -> WorkerProcess:
        """Start a process that loads the chunkers; it is ready once it answers."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the current folder is the user's repository: nothing is imported from it
            "-m",
            "codebase_core.indexing.workers.main",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the parent alone
        )
        worker = cls(process)
        worker._send(tuple(loading))
        return worker

    async def answer(self) -> None:
        """Wait until the process says that it is ready; raise one of ``DIED`` if it does not live."""
        self._send(PING)
        await self._message()

    def send(self, setup: Setup, tasks: Sequence[Task]) -> None:
        """Have files read; ``receive`` returns one result for each."""
        self._send((tuple(setup), list(tasks)))

    async def receive(self) -> FileResult:
        """Return the next result; raise one of ``DIED`` if the process is gone."""
        return FileResult(*await self._message())

    async def exit_status(self) -> str:
        """Wait for the end and say how it came."""
        status = await self._process.wait()
        return f"signal {-status}" if status < 0 else f"exit status {status}"

    async def kill(self) -> None:
        """End the process, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        # wait() alone would wait for ever while nobody reads what the process still wrote (CPython before 3.12.4).
        await self._process.communicate()

    def _send(self, message: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(dump(message))

    async def _message(self) -> Any:
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 - it was asked for
        header = await stdout.readexactly(HEADER.size)
        return load(await stdout.readexactly(HEADER.unpack(header)[0]))
