"""Jobs that the MCP server starts: by the first question, for many changes, never twice, and not unasked."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from codebase_core.app import App
from codebase_core.config.settings import Settings

from .agents import call, indexed, said, serving

pytestmark = pytest.mark.any_store


async def test_a_folder_that_is_not_indexed_is_indexed_by_the_first_question(
    environ: Mapping[str, str], tree: Path, era: str
) -> None:
    async with serving(environ, tree, mode=era) as client:
        first = await call(client, "search_code", query="where are connections pooled")
        await indexed(client)
        answer = await call(client, "search_code", query="where are connections pooled")
        assert answer["hits"][0]["path"] == "pool.py"
        assert "indexing" in first or first["hits"][0]["path"] == "pool.py"


async def test_a_job_that_failed_is_not_started_again_by_questions(
    environ: Mapping[str, str], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    async with App(settings) as app, serving(environ, tmp_path / "empty", mode="legacy") as client:
        await client.call_tool("search_code", {"query": "x"})
        await indexed(client)  # the question itself waits two seconds for its job, and a busy machine takes longer
        for _ in range(3):
            result = await client.call_tool("search_code", {"query": "x"})
            assert result.is_error
            assert "no file that could be indexed" in said(result)
        assert len(app.jobs.list()) == 1


async def test_a_client_that_waits_is_told_of_progress(
    environ: Mapping[str, str], tmp_path: Path, transport: str, era: str
) -> None:
    root = tmp_path / "large"
    root.mkdir()
    for number in range(1_000):
        (root / f"m{number}.py").write_text("".join(f"def f_{number}_{i}():\n    pass\n\n\n" for i in range(5)))
    told: list[str] = []
    values: list[float] = []

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        told.append(f"{progress:g} {message}")
        values.append(progress)

    async with serving(environ, root, transport=transport, mode=era) as client:
        await call(client, "index_repository")
        await client.call_tool("get_indexing_status", {"wait": 50}, progress_callback=on_progress)
    assert told
    assert "running" in told[0]
    assert values == sorted(set(values)), "each is more than the one before"


async def test_nothing_is_indexed_unasked_where_the_user_said_so(environ: Mapping[str, str], tree: Path) -> None:
    async with serving({**environ, "CODEBASE_CORE_AUTO_INDEX": "no"}, tree, mode="legacy") as client:
        result = await client.call_tool("search_code", {"query": "pool"})
        assert result.is_error
        assert "next: call list_projects, or index_repository" in said(result)
        assert (await call(client, "list_projects"))["projects"] == []


async def test_many_changes_are_indexed_by_a_job(environ: Mapping[str, str], settings: Settings, tree: Path) -> None:
    async with App(settings) as app:
        await app.index(tree)
    for number in range(80):
        (tree / f"extra{number}.py").write_text(f"def extra_{number}():\n    pass\n")
    async with serving({**environ, "CODEBASE_CORE_REVALIDATE_BUDGET": "60"}, tree, mode="legacy") as client:
        answer = await call(client, "search_code", query="pool")
        assert answer["freshness"]["state"] == "behind"
        status = await indexed(client, job=answer["freshness"]["job"])
        assert status["indexing"]["files"]["indexed"] == 80
        assert (await call(client, "search_code", query="extra_7", limit=1))["hits"][0]["path"] == "extra7.py"


async def test_a_job_that_fails_is_not_started_by_every_question(
    environ: Mapping[str, str], settings: Settings, tree: Path
) -> None:
    async with App(settings) as app:
        await app.index(tree)
        job = app.start_job(tree)
        while app.jobs.get(job.id).running:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
        report = {"error": "the disk is full", "hint": None}
        app.jobs.write(replace(app.jobs.get(job.id), state="failed", report=report))
        for number in range(80):
            (tree / f"extra{number}.py").write_text(f"def extra_{number}():\n    pass\n")
        chosen = {"CODEBASE_CORE_REVALIDATE_BUDGET": "60", "CODEBASE_CORE_REVALIDATE_SECONDS": "0"}
        async with serving({**environ, **chosen}, tree, mode="legacy") as client:
            for _ in range(3):
                answer = await call(client, "search_code", query="pool")
                assert "the disk is full" in answer["freshness"]["reason"]
                assert answer["hits"]
        assert len(app.jobs.list()) == 1


async def test_a_job_survives_its_client_and_the_next_question_resumes_it(
    environ: Mapping[str, str], settings: Settings, tmp_path: Path
) -> None:
    root = tmp_path / "large"
    (root / ".git").mkdir(parents=True)
    for number in range(3_000):
        folder = root / f"package{number % 30}"
        folder.mkdir(exist_ok=True)
        (folder / f"module{number}.py").write_text(
            "".join(f"def function_{number}_{i}():\n    pass\n\n\n" for i in range(20))
        )
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "codebase_core", "mcp"),
        env=dict(environ),
        cwd=root,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    for message in (
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "search_code", "arguments": {"query": "x"}},
        },
    ):
        server.stdin.write(json.dumps(message).encode() + b"\n")
    await server.stdout.readline()
    async with App(settings) as app:
        while not (jobs := app.jobs.list()):  # noqa: ASYNC110 - another process starts it
            await asyncio.sleep(0.05)
        (job,) = jobs
        while (run := await app.run_of(job)) is None or not run.detail.get("done"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        server.kill()
        await server.communicate()
        assert app.jobs.get(job.id).running
        os.kill(app.jobs.get(job.id).pid, signal.SIGKILL)
        while app.jobs.get(job.id).running:  # noqa: ASYNC110 - another process ends
            await asyncio.sleep(0.02)
        stored = (await app.status(root)).statistics.files
        assert 0 < stored < 3_000
        async with serving(environ, root, mode="legacy") as client:
            answer = await call(client, "search_code", query="function")
            assert answer["indexing"]["job"] != job.id
            status = await indexed(client)
        # Nothing that was stored is embedded again.
        assert status["indexing"]["files"]["indexed"] == 3_000 - stored
        assert (await app.status(root)).statistics.files == 3_000
