"""A worker process as its parent sees it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from codebase_core.indexing.tasks import Loading, Setup, Task
from codebase_core.indexing.worker_process import WorkerProcess
from codebase_core.search.bm25 import FIELD_LENGTHS


def test_a_worker_whose_answers_nobody_reads_can_be_killed(tmp_path: Path):
    (tmp_path / "large.txt").write_text("".join(f"line {number} of many\n" for number in range(5_000)))
    setup = Setup(field_lengths=FIELD_LENGTHS, embedded="spoken", max_file_bytes=1_000_000, chunker_options={})
    task = Task(path="large.txt", absolute=str(tmp_path / "large.txt"), known_hash=None)

    async def run() -> None:
        worker = await WorkerProcess.start(Loading())
        await worker.answer()
        worker.send(setup, 20 * [task])
        await worker.receive()
        await asyncio.sleep(0.5)  # both buffers are full
        await asyncio.wait_for(worker.kill(), 10)

    asyncio.run(run())
