"""What the engine offers to a server for many people: projects by name, files as they were indexed, how everything is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from codebase_core_hookspecs import (
    Answer,
    FileNotIndexed,
    FileText,
    Health,
    MergedAnswer,
    ProjectNotFound,
    ProjectPage,
    ProjectQuery,
    SearchRequest,
    Status,
)
from pydantic import TypeAdapter

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.serving import LocalTeamService

from .conftest import FILES, Cluster

pytestmark = pytest.mark.any_store


@pytest.fixture
async def service(environ: Mapping[str, str]) -> AsyncIterator[LocalTeamService]:
    async with LocalTeamService(App(load_settings(environ=environ))) as service:
        yield service


@pytest.fixture
async def project(service: LocalTeamService, tree: Path) -> str:
    await service.app.index(tree)
    return "example"


async def test_a_file_comes_whole_with_its_outline(service: LocalTeamService, project: str) -> None:
    for found in (
        await service.file("parser/tree.py", project=project),
        await service.file("parser/tree.py", project=project, repository="example"),
    ):
        assert found.text == FILES["parser/tree.py"]
        assert [(each.depth, each.symbol.name) for each in found.outline.entries] == [(0, "SyntaxTree"), (1, "walk")]
        assert (found.outline.project, found.outline.repository, found.outline.state) == (project, "example", "current")


async def test_a_changed_file_has_another_version(service: LocalTeamService, project: str, tree: Path) -> None:
    before = await service.file("pool.py", project=project)
    (tree / "pool.py").write_text("class Other:\n    pass\n")
    assert (await service.file("pool.py", project=project)).outline.state == "changed"
    await service.app.index(tree)
    after = await service.file("pool.py", project=project)
    assert after.text == "class Other:\n    pass\n"
    assert after.outline.version != before.outline.version


@pytest.mark.parametrize(
    ("path", "repository"),
    [("absent.py", None), ("absent.py", "example"), ("logo.png", "example"), ("pool.py", "other"), ("a\0b", "example")],
)
async def test_what_is_not_indexed_is_no_file(
    service: LocalTeamService, project: str, path: str, repository: str | None
) -> None:
    with pytest.raises(FileNotIndexed):
        await service.file(path, project=project, repository=repository)


async def test_several_projects_answer_together(service: LocalTeamService, project: str, tmp_path: Path) -> None:
    other = tmp_path / "second"
    other.mkdir()
    (other / "client.py").write_text("class ConnectionPool:\n    def borrow(self):\n        pass\n")
    await service.app.index(other)
    answer = await service.search_projects(SearchRequest("ConnectionPool", limit=4), projects=[project, "second"])
    assert {each.project for each in answer.hits[:2]} == {project, "second"}
    assert all(not each.hits for each in answer.answers)
    partly = await service.search_projects(SearchRequest("ConnectionPool"), projects=[project, "absent"])
    assert set(partly.unavailable) == {"absent"}
    with pytest.raises(ProjectNotFound):
        await service.search_projects(SearchRequest("ConnectionPool"), projects=["absent"])


async def test_health_names_what_does_not_answer(service: LocalTeamService, project: str, cluster: Cluster) -> None:
    health = await service.health()
    assert not health.degraded, health
    (use,) = health.connections
    assert use.open >= use.idle >= 1
    assert use.waiting == 0
    binding = (await service.project(project)).binding
    connection = await cluster.connect()
    registry = await connection.fetchval(
        "SELECT datname FROM pg_database WHERE datname LIKE 'test%' ORDER BY oid DESC LIMIT 1"
    )
    await connection.execute(f'ALTER DATABASE "{registry}" WITH ALLOW_CONNECTIONS false')
    await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", registry)
    try:
        assert not (await service.ready()).ok
        assert "registry" in (await service.health()).degraded
    finally:
        await connection.execute(f'ALTER DATABASE "{registry}" WITH ALLOW_CONNECTIONS true')
        await connection.close()
    assert (await service.ready()).ok
    assert binding.store


async def test_installed_parts_are_listed(service: LocalTeamService) -> None:
    plugins = {plugin.name: plugin for plugin in await service.plugins()}
    assert plugins["postgres"].status == "active"
    assert ("store", "postgres-schema") in {(each.kind, each.name) for each in plugins["postgres"].provides}
    assert any(each.name == "static" and each.identity is not None for each in await service.embedders())
    assert await service.jobs() == []


async def test_values_describe_themselves(service: LocalTeamService, project: str) -> None:
    """A server makes its schemas and its JSON from the values' annotations."""
    answer = await service.search(SearchRequest("ConnectionPool", project=project))
    status = (await service.app.status(project=project), Status)
    page = (await service.project_page(ProjectQuery()), ProjectPage)
    merged = (await service.search_projects(SearchRequest("pool"), projects=[project]), MergedAnswer)
    values = (answer, Answer), status, page, merged, (await service.file("pool.py", project=project), FileText)
    for value, kind in (*values, (await service.health(), Health)):
        adapter: TypeAdapter[object] = TypeAdapter(kind)
        assert adapter.validate_json(adapter.dump_json(value)) is not None
        assert adapter.json_schema(mode="serialization")["properties"]
