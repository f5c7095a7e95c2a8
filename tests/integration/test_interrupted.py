"""Index runs that end badly: killed, interrupted, overtaken. Nothing is lost, nothing stays locked."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from codebase_core_hookspecs import Batch, Filters, Source
from codebase_core_postgres.project.process_identity import ProcessIdentity
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App, Choices
from codebase_core.config.settings import Settings
from codebase_core.errors import LeaseLost, NotProvisioned, ProjectBusy, ProjectNotFound

from .rows import rows

KILLS = 100 if os.environ.get("CODEBASE_CORE_SOAK") else 3


@pytest.fixture
def large_tree(tmp_path: Path) -> Path:
    """Enough files for several batches."""
    root = tmp_path / "large"
    for number in range(1_500):
        folder = root / f"package{number % 30}"
        folder.mkdir(parents=True, exist_ok=True)
        body = "".join(f"def function_{number}_{i}(value):\n    return value + {i}\n\n\n" for i in range(40))
        (folder / f"module{number}.py").write_text(body)
    return root


async def _start(environ: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "codebase_core",
        *arguments,
        env={**environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.soak
async def test_kill_at_random_moments_then_index_equals_a_fresh_index(
    settings: Settings, environ: Mapping[str, str], large_tree: Path
) -> None:
    chance = random.Random(7)
    for _ in range(KILLS):
        process = await _start(environ, "index", "--force", str(large_tree), "--project", "killed")
        try:
            async with asyncio.timeout(chance.uniform(0.1, 3.0)):
                await process.wait()
        except TimeoutError:
            process.send_signal(signal.SIGKILL)
        await process.communicate()
    process = await _start(environ, "index", str(large_tree), "--project", "killed")
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    async with App(settings) as app:
        await app.index(large_tree, choices=Choices(project="fresh"))
        killed, fresh = [await rows(app, await app.find(name)) for name in ("killed", "fresh")]
        assert len(fresh["files"]) == 1_500
        assert killed == fresh
        assert await app.verify() == []


async def test_ctrl_c_exits_130_and_frees_the_lease(
    settings: Settings, environ: Mapping[str, str], large_tree: Path
) -> None:
    process = await _start(environ, "index", str(large_tree), "--project", "interrupted")
    async with App(settings) as app:
        await _begun(app, "interrupted")
        process.send_signal(signal.SIGINT)
        _, errors = await process.communicate()
        assert process.returncode == 130, errors.decode()
        assert b"Traceback" not in errors
        status = await app.status(project="interrupted")
        (run,) = status.statistics.last_runs.values()
        assert run.outcome == "cancelled"
        assert not status.statistics.repositories[0].running
        report = await app.index(large_tree, choices=Choices(project="interrupted"))
        assert report.progress.indexed + report.progress.unchanged == 1_500


async def _begun(app: App, project: str) -> None:
    """Wait until another process has begun to index a project."""
    async with asyncio.timeout(60):
        while True:
            with suppress(ProjectNotFound, NotProvisioned):
                if (await app.status(project=project)).statistics.last_runs:
                    return
            await asyncio.sleep(0.02)


async def test_two_writers_at_once_one_works_the_other_is_told_who(app: App, tree: Path) -> None:
    await app.index(tree)
    store = await app.open((await app.resolve(tree)).require_project())
    source = Source(name="example", identity="x", root=str(tree), machine=app.machine)
    async with store.writing(source, scope=()) as writer:
        with pytest.raises(ProjectBusy, match=f"process {os.getpid()} on ") as caught:
            await app.index(tree)
        assert caught.value.hint
        assert (await app.search("pool", path=tree)).repositories[0].running
        await writer.finish(outcome="done", detail={})
    await app.index(tree)


async def _set_holder(app: App, tree: Path, holder: ProcessIdentity, *, expires: str) -> None:
    place = (await app.resolve(tree)).require_project().binding.location
    store = await app.open((await app.resolve(tree)).require_project())
    async with store._pool.acquire(place["database"]) as connection:
        await connection.execute(
            f"UPDATE {quote(place['schema'])}.writer_lease SET fence = fence + 1, holder = $1, "
            f"expires_at = clock_timestamp() + interval '{expires}'",
            json.dumps(holder.as_row()),
        )


async def test_a_dead_process_of_this_machine_is_taken_over_at_once(app: App, tree: Path) -> None:
    await app.index(tree)
    here = ProcessIdentity.current()
    dead = ProcessIdentity(host=here.host, kernel=here.kernel, pid=here.pid, started=here.started - 3_600)
    await _set_holder(app, tree, dead, expires="1 hour")
    await app.index(tree)


async def test_a_process_elsewhere_is_waited_for_until_its_lease_expires(app: App, tree: Path) -> None:
    await app.index(tree)
    elsewhere = ProcessIdentity(host="build-7", kernel="another boot", pid=1, started=0.0)
    await _set_holder(app, tree, elsewhere, expires="1 hour")
    with pytest.raises(ProjectBusy, match="process 1 on build-7"):
        await app.index(tree)
    await _set_holder(app, tree, elsewhere, expires="-1 second")
    await app.index(tree)


async def test_a_writer_that_was_overtaken_stores_nothing(app: App, tree: Path) -> None:
    await app.index(tree)
    project = (await app.resolve(tree)).require_project()
    before = await rows(app, project)
    store = await app.open(project)
    source = Source(name="example", identity="x", root=str(tree), machine=app.machine)
    with pytest.raises(LeaseLost):
        async with store.writing(source, scope=()) as writer:
            await _set_holder(app, tree, ProcessIdentity.current(), expires="1 hour")
            await writer.apply(Batch(removed=("pool.py",)))
    assert await rows(app, project) == before


async def test_two_indexes_of_a_new_folder_end_in_one_project(
    settings: Settings, environ: Mapping[str, str], tree: Path
) -> None:
    processes = [await _start(environ, "index", str(tree)) for _ in range(3)]
    answers = [await process.communicate() for process in processes]
    assert 0 in [process.returncode for process in processes]
    for process, (_, errors) in zip(processes, answers, strict=True):
        assert process.returncode == 0 or b"another process is indexing" in errors, errors.decode()
    async with App(settings) as app:
        assert len(await (await app.engine.registry()).list()) == 1
        assert await app.verify() == []
        assert (await app.search("pool", path=tree)).hits


async def test_a_killed_indexer_is_dead_at_once_wherever_one_looks(
    settings: Settings, environ: Mapping[str, str], large_tree: Path
) -> None:
    """Its lease lives on for half a minute: nobody may go by that alone."""
    process = await _start(environ, "index", str(large_tree), "--project", "shot")
    async with App(settings) as app:
        await _begun(app, "shot")
        process.kill()
        await process.communicate()

        status = await app.status(project="shot")
        store = await app.open(await app.find("shot"))
        answer = await app.search("function", project="shot")
        filtered = await app.search("function", project="shot", filters=Filters(languages=frozenset({"python"})))

        assert [state.running for state in status.statistics.repositories] == [False]
        assert [run.outcome for run in status.statistics.last_runs.values()] == ["interrupted"]
        assert [run.outcome for run in await store.runs(limit=1)] == ["interrupted"]
        assert [state.running for state in await store.repositories()] == [False]
        assert [state.running for each in (answer, filtered) for state in each.repositories] == [False, False]
