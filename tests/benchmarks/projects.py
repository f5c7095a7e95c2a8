"""Print the figures of resolution and registry that docs/performance.md records.

    python tests/benchmarks/projects.py [--projects 10000]

Everything runs on an embedded server and in a folder of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from codebase_core_hookspecs import AuditEntry, Binding, Checkout, Project, ProjectQuery, Registry
from codebase_core_postgres.registry.registry import PostgresRegistry

from codebase_core.app import App
from codebase_core.builtin.json_registry.file import RegistryFile
from codebase_core.builtin.json_registry.registry import JsonRegistry
from codebase_core.builtin.json_registry.state import State
from codebase_core.config.settings import load_settings
from codebase_core.projects import config_file

COMMAND = str(Path(sys.executable).with_name("codebase-core"))
RUNS = 200
PROCESSES = 9


def record(number: int) -> Project:
    made, now = uuid4(), datetime.now(UTC)
    location = {"database": f"cb_proj_service_{number}_{made.hex[:8]}", "schema": "codebase"}
    return Project(
        id=made,
        name=f"service-{number}",
        binding=Binding(store="postgres-database", server="embedded", location=location),
        status="active",
        created_at=now,
        updated_at=now,
        description=f"The service number {number}",
        tags=frozenset({"team-a", "python"}),
    )


def report(what: str, times: list[float], unit: float = 1e3) -> None:
    name = {1e3: "ms", 1e6: "µs"}[unit]
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{what}: p50 {statistics.median(times) * unit:.3f} {name}, p95 {p95 * unit:.3f} {name} ({len(times)} runs)")


def timed(work: Callable[[], object], runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return times


async def timed_async(work: Callable[[], Awaitable[object]], runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        began = perf_counter()
        await work()
        times.append(perf_counter() - began)
    return times


def discovery(folder: Path) -> None:
    """Find a config file 20 levels up, read anew and known."""
    root = folder / "discovery"
    deep = root.joinpath(*(f"level{number}" for number in range(20)))
    deep.mkdir(parents=True)
    (root / ".codebase-mcp").mkdir()
    (root / ".codebase-mcp" / "config.json").write_text('{"version": "1.0", "project": {"name": "shop"}}')
    assert config_file.find_config(deep, root=root) is not None

    def anew() -> None:
        config_file._read.clear()
        config_file.find_config(deep, root=root)

    report("config file 20 levels up, read anew", timed(anew, RUNS))
    report("config file 20 levels up, known", timed(lambda: config_file.find_config(deep, root=root), RUNS))
    config_file.find_config(root, root=root)
    report("config file in the folder, known", timed(lambda: config_file.find_config(root, root=root), RUNS))


async def look_ups(name: str, registry: Registry, projects: list[Project]) -> None:
    chosen: Iterator[Project] = iter(projects * 10)
    report(f"{name}: look-up by name", await timed_async(lambda: registry.find(next(chosen).name), RUNS * 5), 1e6)
    report(f"{name}: look-up by id", await timed_async(lambda: registry.get(next(chosen).id), RUNS * 5), 1e6)
    roots = [f"/src/{'/'.join('abcdef'[:depth])}" for depth in range(6)]
    machine = uuid4()
    times = await timed_async(lambda: registry.checkouts(machine=machine, roots=roots), RUNS)
    report(f"{name}: checkouts of a folder six deep", times, 1e6)
    report(f"{name}: list of {len(projects):,}, again", await timed_async(registry.list, 20))
    report(f"{name}: a page of 50", await timed_async(lambda: registry.page(ProjectQuery(limit=50)), 20))
    report(f"{name}: text search", await timed_async(lambda: registry.page(ProjectQuery(text="service-77")), 10))


def first_list(home: Path, kind: str) -> list[float]:
    """Time the first list of this process, which has looked one name up before."""

    async def work() -> list[float]:
        environ = {**os.environ, "CODEBASE_CORE_HOME": str(home), "CODEBASE_CORE_REGISTRY": kind}
        async with App(load_settings(environ=environ)) as app:
            registry = await app.engine.registry()
            assert await registry.find("service-0")
            return await timed_async(registry.list, 1)

    return asyncio.run(work())


def first_lists(home: Path, kind: str, count: int) -> None:
    """List everything once in each of several processes."""
    spawned = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned, max_tasks_per_child=1) as fresh:
        times = [fresh.submit(first_list, home, kind).result() for _ in range(PROCESSES)]
    report(f"{kind}: list of {count:,}, the first in a process", [time for each in times for time in each])


async def vacuumed(registry: Registry) -> None:
    """Leave the table as autovacuum does within a minute: without its statistics no page comes from an index."""
    assert isinstance(registry, PostgresRegistry)
    database = registry._database
    connections = await database.connections()
    await connections.read(
        database.name, lambda connection: connection.execute("VACUUM ANALYZE codebase_core.projects")
    )


async def postgres(home: Path, count: int) -> None:
    """Look up and list in a registry of the embedded server; the budget is too small to listen."""
    environ = {**os.environ, "CODEBASE_CORE_HOME": str(home), "POOL_MAX_SIZE": "3"}
    async with App(load_settings(environ=environ)) as app:
        registry = await app.engine.registry()
        projects = [await registry.create(record(number), actor="bench") for number in range(count)]
        await vacuumed(registry)
        await look_ups("postgres", registry, projects)

        async def update() -> None:
            current = await registry.get(projects[0].id)
            assert current is not None
            await registry.update(replace(current, description=str(uuid4())), actor="bench", action="describe")

        report("postgres: update", await timed_async(update, 50))
    async with App(load_settings(environ={**environ, "POOL_MAX_SIZE": "10"})) as app:
        registry = await app.engine.registry()
        for _ in range(100):
            await registry.get(projects[0].id)
            await asyncio.sleep(0.005)
        times = await timed_async(lambda: registry.get(projects[0].id), RUNS * 5)
        report("postgres: look-up in a process that listens", times, 1e6)


async def json(folder: Path, count: int) -> None:
    """Load, look up and change a registry file; two audit entries and a checkout a project."""
    file = RegistryFile(folder / "registry.jsonl")
    state = State()
    projects = [state.create(record(number)) for number in range(count)]
    for project in projects:
        state.attach(Checkout(project=project.id, machine=uuid4(), root=f"/src/{project.name}", identity=project.name))
        for action in ("create", "provision"):
            state.record(
                AuditEntry(project=project.id, at=datetime.now(UTC), actor="me@host", action=action, detail={})
            )
    file.write(state)
    print(f"json: a file of {file.path.stat().st_size / 1e6:.1f} MB")
    report("json: load", timed(file.read, 10))
    registry = JsonRegistry(file)
    await look_ups("json", registry, projects)

    async def update() -> None:
        current = await registry.get(projects[0].id)
        assert current is not None
        await registry.update(replace(current, description=str(uuid4())), actor="bench", action="describe")

    report("json: update", await timed_async(update, 20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=10_000)
    count = parser.parse_args().projects
    folder = Path(tempfile.mkdtemp(prefix="codebase-core-projects-"))
    try:
        discovery(folder)
        for kind, work in (("json", json), ("postgres", postgres)):
            asyncio.run(work(folder, count))
            first_lists(folder, kind, count)
    finally:
        subprocess.run(
            [COMMAND, "server", "remove", "--yes"], env={**os.environ, "CODEBASE_CORE_HOME": str(folder)}, check=False
        )
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
