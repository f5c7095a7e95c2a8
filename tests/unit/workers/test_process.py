"""A worker process as its parent sees it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from codebase_core.indexing.workers.messages import Loading, Setup, Task, dump
from codebase_core.indexing.workers.process import WorkerProcess
from codebase_core.lexical.bm25 import FIELD_LENGTHS

SETUP = Setup(field_lengths=FIELD_LENGTHS, embedded="words", max_file_bytes=1_000_000, chunker_options={})


def test_a_worker_whose_answers_nobody_reads_can_be_killed(tmp_path: Path):
    (tmp_path / "large.txt").write_text("".join(f"line {number} of many\n" for number in range(5_000)))
    task = Task(path="large.txt", absolute=str(tmp_path / "large.txt"), known_hash=None)

    async def run() -> None:
        worker = await WorkerProcess.start(Loading())
        await worker.answer()
        worker.send(SETUP, 20 * [task])
        await worker.receive()
        await asyncio.sleep(0.5)  # both buffers are full
        await asyncio.wait_for(worker.kill(), 10)

    asyncio.run(run())


def test_a_worker_whose_parent_was_killed_ends_in_silence(tmp_path: Path):
    (tmp_path / "a.py").write_text("def a():\n    pass\n")
    task = Task(path="a.py", absolute=str(tmp_path / "a.py"), known_hash=None)
    with subprocess.Popen(
        [sys.executable, "-m", "codebase_core.indexing.workers.main"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as worker:
        worker.stdout.close()
        worker.stdin.write(dump(tuple(Loading())) + dump((tuple(SETUP), [task])))
        worker.stdin.close()
        assert worker.stderr.read() == b""
