"""Registry and servers that disagree: each case is named with its command, repaired or left alone, and then gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from codebase_core_hookspecs import Problem, Project

from codebase_core.app import App, Choices

from .conftest import Cluster
from .places import administering, is_database, place_of

REPAIR = "codebase-core projects repair"


@pytest.fixture
async def project(app: App, tree: Path) -> Project:
    await app.index(tree, choices=Choices(project="subject"))
    await app.index(tree, choices=Choices(project="bystander"))
    assert await app.verify() == []
    return await app.find("subject")


@asynccontextmanager
async def damaging(app: App, cluster: Cluster, project: Project) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    async with administering(cluster, project.binding) as connection:
        yield connection
    assert (await app.search("pool", project="bystander")).hits


async def _only_problem(app: App) -> Problem:
    (problem,) = await app.verify()
    return problem


async def _drop(cluster: Cluster, project: Project) -> None:
    async with administering(cluster, project.binding) as connection:
        force = "WITH (FORCE)" if is_database(project.binding) else "CASCADE"
        await connection.execute(f"DROP {place_of(project.binding)} {force}")


async def test_a_record_whose_place_is_gone_gets_a_new_one(
    app: App, cluster: Cluster, project: Project, tree: Path
) -> None:
    await _drop(cluster, project)
    problem = await _only_problem(app)
    assert (problem.kind, problem.command, problem.project) == ("missing", REPAIR, project.id)
    assert "'subject' has no " in problem.message
    assert "provisioned 'subject'" in str(await app.repair(problem))
    assert await app.verify() == []
    await app.index(tree, choices=Choices(project="subject"))
    assert (await app.search("pool", project="subject")).hits[0].path == "pool.py"


async def test_a_place_without_a_record_is_dropped_only_on_request(
    app: App, cluster: Cluster, project: Project
) -> None:
    registry = await app.engine.registry()
    await registry.update(_with(project, status="dropping"), actor="test", action="dropping")
    await registry.purge(project.id, actor="test")
    problem = await _only_problem(app)
    assert (problem.kind, problem.command) == ("orphan", f"{REPAIR} --drop-orphans")
    assert str(project.id) in problem.message
    assert await app.repair(problem) is None
    assert await app.verify() == [problem]
    assert str(await app.repair(problem, drop=True)).startswith("dropped ")
    assert await app.verify() == []


@pytest.mark.parametrize("whole", [True, False], ids=["place-there", "place-gone"])
async def test_a_creation_that_was_cut_short_is_finished(
    app: App, cluster: Cluster, project: Project, whole: bool
) -> None:
    registry = await app.engine.registry()
    await registry.update(_with(project, status="provisioning"), actor="test", action="test")
    if not whole:
        await _drop(cluster, project)
    problem = await _only_problem(app)
    assert (problem.kind, problem.command) == ("unfinished", REPAIR)
    assert await app.repair(problem)
    assert await app.verify() == []
    assert (await app.find("subject")).status == "active"


@pytest.mark.parametrize("whole", [True, False], ids=["place-there", "place-gone"])
async def test_a_removal_that_was_cut_short_is_finished(
    app: App, cluster: Cluster, project: Project, whole: bool
) -> None:
    registry = await app.engine.registry()
    await registry.update(_with(project, status="dropping"), actor="test", action="dropping")
    if not whole:
        await _drop(cluster, project)
    problem = await _only_problem(app)
    assert (problem.kind, problem.command) == ("unfinished", REPAIR)
    assert await app.repair(problem) == "finished purging 'subject'"
    assert await app.verify() == []
    assert await registry.get(project.id) is None


@pytest.mark.parametrize("table", ["manifest", "code_chunks", "symbols"])
async def test_lost_tables_are_noticed_and_made_anew(
    app: App, cluster: Cluster, project: Project, tree: Path, table: str
) -> None:
    async with administering(cluster, project.binding, inside=True) as connection:
        await connection.execute(f'DROP TABLE "{project.binding.location["schema"]}".{table} CASCADE')
    problem = await _only_problem(app)
    assert (problem.kind, problem.command) == ("missing", REPAIR)
    assert await app.repair(problem)
    assert await app.verify() == []
    await app.index(tree, choices=Choices(project="subject"))
    assert (await app.search("pool", project="subject")).hits[0].path == "pool.py"


async def test_a_place_marked_as_another_projects_is_left_alone(app: App, cluster: Cluster, project: Project) -> None:
    async with damaging(app, cluster, project) as connection:
        other = uuid4()
        await connection.execute(f"COMMENT ON {place_of(project.binding)} IS 'codebase-core project {other}'")
    problem = await _only_problem(app)
    assert (problem.kind, problem.command) == ("foreign", None)
    assert str(other) in problem.message
    assert await app.repair(problem, drop=True) is None
    assert await app.verify() == [problem]
    async with damaging(app, cluster, project) as connection:
        await connection.execute(f"COMMENT ON {place_of(project.binding)} IS 'codebase-core project {project.id}'")
    assert await app.verify() == []


async def test_a_place_that_lost_its_mark_is_left_alone_with_all_in_it(
    app: App, cluster: Cluster, project: Project
) -> None:
    async with damaging(app, cluster, project) as connection:
        await connection.execute(f"COMMENT ON {place_of(project.binding)} IS NULL")
    problem = await _only_problem(app)
    assert problem.kind == "missing"
    assert await app.repair(problem, drop=True) is None
    assert (await app.search("pool", project="subject")).hits


async def test_a_removal_of_what_is_not_ours_forgets_the_record_alone(
    app: App, cluster: Cluster, project: Project
) -> None:
    async with damaging(app, cluster, project) as connection:
        await connection.execute(f"COMMENT ON {place_of(project.binding)} IS NULL")
    registry = await app.engine.registry()
    await registry.update(_with(project, status="dropping"), actor="test", action="dropping")
    assert "was left alone" in str(await app.repair(await _only_problem(app)))
    assert await app.verify() == []
    async with administering(cluster, project.binding, inside=True) as connection:
        schema = project.binding.location["schema"]
        assert await connection.fetchval(f'SELECT count(*) FROM "{schema}".code_chunks') > 0


async def test_an_index_of_a_newer_version_is_named(app: App, cluster: Cluster, project: Project) -> None:
    async with administering(cluster, project.binding, inside=True) as connection:
        await connection.execute(f'UPDATE "{project.binding.location["schema"]}".manifest SET min_reader = 999')
    problem = await _only_problem(app)
    assert (problem.kind, problem.command) == ("outdated", "pip install --upgrade codebase-core")
    assert await app.repair(problem, drop=True) is None


def _with(project: Project, *, status: str) -> Project:
    return replace(project, status=status)  # type: ignore[arg-type]
