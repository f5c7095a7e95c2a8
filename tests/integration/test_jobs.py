"""Jobs: index runs in processes of their own, with a row in the project, that can be watched, cancelled and resumed."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from codebase_core_hookspecs import Source

from codebase_core.app import App
from codebase_core.errors import JobNotFound
from codebase_core.jobs import Job

pytestmark = pytest.mark.any_store

FILES = 3_000


@pytest.fixture
def large_tree(tmp_path: Path) -> Path:
    """Enough files for many batches."""
    root = tmp_path / "large"
    (root / ".git").mkdir(parents=True)
    for number in range(FILES):
        folder = root / f"package{number % 30}"
        folder.mkdir(parents=True, exist_ok=True)
        body = "".join(f"def function_{number}_{i}(value):\n    return value + {i}\n\n\n" for i in range(20))
        (folder / f"module{number}.py").write_text(body)
    return root


async def _ended(app: App, job: Job) -> Job:
    while app.jobs.get(job.id).running:  # noqa: ASYNC110 - another process ends it
        await asyncio.sleep(0.05)
    return app.jobs.get(job.id)


async def _stored(app: App, job: Job) -> None:
    """Wait until a job has stored something and said so in its run."""
    while (run := await app.run_of(job)) is None or not run.detail.get("done"):
        assert app.jobs.get(job.id).running
        await asyncio.sleep(0.02)


async def test_a_job_indexes_and_its_run_names_it(app: App, tree: Path) -> None:
    job = app.start_job(tree)
    ended = await _ended(app, job)
    assert (ended.state, ended.report["files"]["indexed"]) == ("done", 5), app.jobs.log(job)
    assert (await app.search("pooled connections", path=tree)).hits
    run = await app.run_of(job)
    assert run is not None
    assert (run.outcome, run.detail["job"], run.detail["files"]["indexed"]) == ("done", job.id, 5)
    assert [each.id for each in app.jobs.list()] == [job.id]


async def test_the_same_job_is_not_started_twice(app: App, large_tree: Path) -> None:
    first = app.start_job(large_tree)
    second = app.start_job(large_tree)
    of_a_part = app.start_job(large_tree / "package1")
    assert first.id == second.id == of_a_part.id
    assert app.jobs.cancel(first)
    await _ended(app, first)
    assert app.start_job(large_tree).id != first.id
    app.jobs.cancel(app.jobs.list()[0])


async def test_a_cancelled_job_keeps_what_it_stored_and_frees_the_project(app: App, large_tree: Path) -> None:
    job = app.start_job(large_tree)
    await _stored(app, job)
    assert app.jobs.cancel(app.jobs.get(job.id))
    assert (await _ended(app, job)).state == "cancelled"
    while (run := await app.run_of(job)) is None or run.outcome == "running":  # noqa: ASYNC110 - another process ends it
        await asyncio.sleep(0.05)
    # Interrupted, if its connection hung in a statement and had to be cut off.
    assert run.outcome in ("cancelled", "interrupted")
    report = await app.index(large_tree)
    assert report.progress.unchanged > 0
    assert report.progress.indexed + report.progress.unchanged == FILES


async def test_a_job_that_is_cancelled_before_it_has_begun_is_cancelled(app: App, tree: Path) -> None:
    for seconds in (0, 0.1, 0.3):
        job = app.start_job(tree)
        await asyncio.sleep(seconds)
        if app.jobs.cancel(app.jobs.get(job.id)):
            assert (await _ended(app, job)).state in ("cancelled", "done")
    job = app.start_job(tree)
    assert app.jobs.cancel(job)
    assert (await _ended(app, job)).state == "cancelled", app.jobs.log(job)


async def test_a_job_waits_while_somebody_else_indexes(app: App, tree: Path) -> None:
    await app.index(tree)
    (tree / "new.py").write_text("def added():\n    pass\n")
    store = await app.open(await app.find("example"))
    other = Source(name="other", identity="other", root="/other", machine=app.machine, commit=None)
    async with store.writing(other, scope=()):
        job = app.start_job(tree)
        while "waiting" not in app.jobs.log(job):
            assert app.jobs.get(job.id).running
            await asyncio.sleep(0.05)
    ended = await _ended(app, job)
    assert (ended.state, ended.report["files"]["indexed"]) == ("done", 1), app.jobs.log(job)


async def test_a_job_that_is_to_read_every_file_is_not_taken_for_one_that_does_not(app: App, large_tree: Path) -> None:
    plain = app.start_job(large_tree)
    forced = app.start_job(large_tree, force=True)
    assert plain.id != forced.id
    assert app.start_job(large_tree, force=True).id == forced.id
    assert app.start_job(large_tree).id in (plain.id, forced.id)
    for job in (plain, forced):
        app.jobs.cancel(app.jobs.get(job.id))
        await _ended(app, job)


async def test_a_killed_job_is_resumed_and_nothing_stored_is_indexed_again(app: App, large_tree: Path) -> None:
    job = app.start_job(large_tree)
    await _stored(app, job)
    os.kill(app.jobs.get(job.id).pid, signal.SIGKILL)
    assert (await _ended(app, job)).state == "interrupted"
    killed = await app.run_of(job)
    assert killed is not None
    assert killed.outcome == "interrupted"
    stored = (await app.status(large_tree)).statistics.files
    assert 0 < stored < FILES
    again = await _ended(app, app.start_job(large_tree))
    assert again.state == "done", app.jobs.log(again)
    assert again.report["files"]["indexed"] == FILES - stored
    assert (await app.status(large_tree)).statistics.files == FILES


async def test_a_job_that_fails_says_why(app: App, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    job = await _ended(app, app.start_job(tmp_path / "empty"))
    assert job.state == "failed"
    assert "no file that could be indexed" in job.report["error"]
    assert "no file that could be indexed" in app.jobs.log(job)


async def test_an_unknown_job_is_an_error(app: App) -> None:
    for name in ("12345678", "../../etc/passwd", ""):
        with pytest.raises(JobNotFound):
            app.jobs.get(name)
