"""Real worker processes: a file that kills or hangs one costs only itself."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from codebase_core.errors import WorkerFailed
from codebase_core.indexing.workers.messages import EVERYTHING, FileResult, Loading, Setup, Task
from codebase_core.indexing.workers.pool import WorkerPool
from codebase_core.indexing.workers.process import WorkerProcess
from codebase_core.lexical.bm25 import FIELD_LENGTHS

HOSTILE = """
import os, signal, sys, time
from codebase_core_hookspecs import Chunk, ChunkerPlugin, Span, hookimpl

def chunk(source, options):
    if b"EXIT" in source.text:
        os._exit(3)
    if b"SEGFAULT" in source.text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"HANG" in source.text:
        with open(os.environ["PIDS"], "a") as file:
            file.write(f"{os.getpid()}\\n")
        time.sleep(600)
    if b"PRINT" in source.text:
        print("a protocol breaker", flush=True)
        os.write(1, b"another")
    kind = f"p{os.getpid()}" if b"PID" in source.text else "whole"
    lines = source.text.count(b"\\n")
    return [Chunk(span=Span(start_line=1, end_line=lines, start_byte=0, end_byte=len(source.text)), kind=kind)]

@hookimpl
def codebase_core_chunkers():
    return [ChunkerPlugin(name="hostile", summary="", chunk=chunk, languages=frozenset({"python"}), version="1")]
"""
SETUP = Setup(FIELD_LENGTHS, "words", 1_000_000, {})


@pytest.fixture
def hostile(site, monkeypatch):
    site.add("hostile", HOSTILE)
    monkeypatch.setenv("PYTHONPATH", str(site.folder))
    monkeypatch.setenv("PIDS", str(site.folder / "pids"))
    return site


@pytest.fixture
def read(tree):
    """Return a function that writes groups of files and has a pool read them."""

    def read(*groups: dict[str, str], size: int = 1, timeout: float = 20.0, loading: Loading = EVERYTHING):
        for group in groups:
            tree.add(group)
        tasks = [[Task(path, str(tree.root / path), None) for path in group] for group in groups]
        return asyncio.run(asyncio.wait_for(closed(tasks, WorkerPool(size=size, timeout=timeout, loading=loading)), 60))

    return read


async def closed(groups: list[list[Task]], pool: WorkerPool) -> dict[str, FileResult]:
    """Have a pool read groups of files, and close it."""
    try:
        return await serve(groups, pool)
    finally:
        await pool.aclose()


async def serve(groups: list[list[Task]], pool: WorkerPool) -> dict[str, FileResult]:
    waiting: asyncio.Queue[list[Task] | None] = asyncio.Queue()
    results: asyncio.Queue[FileResult | None] = asyncio.Queue()
    for group in [*groups, None]:
        waiting.put_nowait(group)
    await pool.run(SETUP, waiting, results)
    found = [results.get_nowait() for _ in range(results.qsize())]
    assert found.pop() is None
    assert len({result.path for result in found}) == len(found)
    return {result.path: result for result in found}


def kinds(found: dict[str, FileResult]) -> dict[str, tuple[str, str | None]]:
    return {path: (result.chunks[0].kind, result.fallback) for path, result in found.items()}


def test_files_that_kill_their_worker_cost_only_themselves(hostile, read, caplog):
    found = read({"a.py": "fine\n", "b.py": "EXIT\n", "c.py": "fine\n", "d.py": "SEGFAULT\n", "e.py": "fine\n"})

    assert kinds(found) == {
        "a.py": ("whole", None),
        "b.py": ("lines", "crashed its worker (exit status 3)"),
        "c.py": ("whole", None),
        "d.py": ("lines", "crashed its worker (signal 11)"),
        "e.py": ("whole", None),
    }
    assert found["b.py"].chunks[0].text == "EXIT\n"
    assert "b.py crashed its worker (exit status 3)" in caplog.text


def test_a_file_that_hangs_costs_its_deadline_and_a_cut_by_lines(hostile, read):
    began = time.monotonic()

    found = read({"a.py": "HANG\n", "b.py": "fine\n"}, timeout=0.5)

    assert kinds(found) == {"a.py": ("lines", "took over 0.5 s"), "b.py": ("whole", None)}
    assert time.monotonic() - began < 10


def test_workers_that_hang_are_killed(hostile, read):
    read({"a.py": "HANG\n", "b.py": "HANG\n"}, timeout=0.4)

    assert [alive(pid) for pid in hung(hostile)] == [False, False]


def test_workers_are_killed_when_the_run_is_given_up(hostile, tree):
    tree.add({"a.py": "HANG\n"})

    async def give_up():
        groups = [[Task("a.py", str(tree.root / "a.py"), None)]]
        running = asyncio.create_task(serve(groups, WorkerPool(size=2, timeout=60)))
        while not hung(hostile):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.02)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(give_up(), 30))

    assert [alive(pid) for pid in hung(hostile)] == [False]


def hung(site) -> list[int]:
    """Return the processes in which the chunker hung."""
    file = site.folder / "pids"
    return [int(pid) for pid in file.read_text().split()] if file.exists() else []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_many_files_that_kill_their_workers_at_once_are_no_reason_to_give_up(hostile, read):
    """Each worker died of its first file; three such deaths were taken for workers that do not start."""
    found = read(*({f"{n}.py": "EXIT\n", f"{n}-fine.py": "fine\n"} for n in range(4)), size=4)

    assert len(found) == 8
    assert {kinds(found)[f"{n}.py"] for n in range(4)} == {("lines", "crashed its worker (exit status 3)")}
    assert {kinds(found)[f"{n}-fine.py"] for n in range(4)} == {("whole", None)}


def test_a_file_that_cannot_even_be_cut_by_lines_is_skipped_with_the_reason(read, tree):
    os.mkfifo(tree.root / "pipe.py")
    tree.add({}, "a.py")
    group = [Task(path, str(tree.root / path), None) for path in ("pipe.py", "a.py")]

    found = asyncio.run(closed([group], WorkerPool(size=1, timeout=0.5)))

    assert (found["pipe.py"].skip, found["pipe.py"].chunks) == ("took over 0.5 s", ())
    assert found["a.py"].chunks


def test_what_a_chunker_prints_does_not_break_the_protocol(hostile, read, capfd):
    assert kinds(read({"a.py": "PRINT\n", "b.py": "fine\n"})) == {"a.py": ("whole", None), "b.py": ("whole", None)}
    assert "a protocol breaker" in capfd.readouterr().err


def test_plugins_that_are_disabled_are_not_asked_in_workers_either(hostile, read):
    for loading in (Loading(("hostile", "tree-sitter")), Loading(("tree-sitter",), third_party=False)):
        assert kinds(read({"a.py": "EXIT\n"}, loading=loading)) == {"a.py": ("lines", None)}


def test_workers_share_the_groups(read):
    groups = [{f"{n}/{m}.py": f"x = {n}\n" for m in range(5)} for n in range(8)]

    found = read(*groups, size=3)

    assert {path: result.chunks[0].text for path, result in found.items()} == {
        path: text for group in groups for path, text in group.items()
    }


def test_no_groups_start_no_workers(read):
    assert read() == {}


async def writers(tree, pool: WorkerPool, *names: str) -> set[int]:
    """Have a pool read files that say who reads them; return the processes."""
    tree.add(dict.fromkeys(names, "PID\n"))
    found = await serve([[Task(name, str(tree.root / name), None)] for name in names], pool)
    return {int(result.chunks[0].kind.removeprefix("p")) for result in found.values()}


def test_workers_wait_for_the_next_run(hostile, tree):
    async def scenario():
        pool = WorkerPool(size=1, timeout=20)
        try:
            assert await writers(tree, pool, "a.py") == await writers(tree, pool, "b.py", "c.py")
        finally:
            await pool.aclose()

    asyncio.run(scenario())


def test_a_worker_that_died_while_it_waited_costs_no_file(hostile, tree):
    async def scenario():
        pool = WorkerPool(size=1, timeout=20)
        (first,) = await writers(tree, pool, "a.py")
        os.kill(first, signal.SIGKILL)
        (second,) = await writers(tree, pool, "b.py")
        assert second != first
        await pool.aclose()

    asyncio.run(scenario())


def test_a_worker_that_hangs_ends_without_its_parent(hostile, tree):
    """Killed, the parent ends nobody; a parser in a loop does not notice that its pipe is closed."""
    tree.add({"a.py": "HANG\n"})

    async def scenario():
        worker = await WorkerProcess.start(Loading(deadline=0.5))
        await worker.answer()
        worker.send(SETUP, [Task("a.py", str(tree.root / "a.py"), None)])
        assert await worker.exit_status() == "exit status 1"

    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_workers_that_nobody_needs_are_ended(hostile, tree):
    async def scenario():
        pool = WorkerPool(size=1, timeout=20, idle=0.1)
        (pid,) = await writers(tree, pool, "a.py")
        while alive(pid):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)

    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_runs_side_by_side_leave_no_more_workers_than_one_needs(hostile, tree):
    async def scenario():
        pool = WorkerPool(size=1, timeout=20)
        found = await asyncio.gather(*(writers(tree, pool, f"{n}.py") for n in range(3)))
        pids = set.union(*found)
        assert len(pids) == 3
        assert sum(map(alive, pids)) == 1
        await pool.aclose()
        assert not any(map(alive, pids))

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_workers_that_do_not_come_up_are_reported(site, read, monkeypatch):
    site.add("deadly", "import os; os._exit(9)")
    monkeypatch.setenv("PYTHONPATH", str(site.folder))

    with pytest.raises(ExceptionGroup) as caught:
        read({"a.py": "fine\n"})

    (error,) = caught.value.exceptions
    assert isinstance(error, WorkerFailed)
    assert "worker processes do not start: the last one ended with exit status 9" in error.message
    assert "codebase_core.indexing.workers.main" in error.hint


def test_nothing_is_imported_from_the_repository_that_is_indexed(read, tree, monkeypatch):
    tree.add({"json.py": "import os; os._exit(7)\n", "codebase_core/__init__.py": "import os; os._exit(7)\n"})
    monkeypatch.chdir(tree.root)

    assert read({"a.py": "fine\n"})["a.py"].chunks
