"""The engine as others are served: what is looked at, and when, and what begins to index itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from codebase_core_hookspecs import Freshness, SearchRequest

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import NotProvisioned
from codebase_core.serving import LocalSearchService

from .conftest import Cluster

pytestmark = pytest.mark.any_store


@pytest.fixture
async def service(environ: Mapping[str, str], request: pytest.FixtureRequest) -> AsyncIterator[LocalSearchService]:
    chosen = {"CODEBASE_CORE_REVALIDATE_BUDGET": "60", "CODEBASE_CORE_REVALIDATE_SECONDS": "0.01"}
    app, choices = App(load_settings(environ={**environ, **chosen})), getattr(request, "param", {})
    async with LocalSearchService(app, **choices) as service:
        yield service


@pytest.fixture
def other(tmp_path: Path) -> Path:
    root = tmp_path / "other"
    root.mkdir()
    (root / "other.py").write_text("def elsewhere():\n    pass\n")
    return root


def _looks(service: LocalSearchService, monkeypatch: pytest.MonkeyPatch, *, seconds: float = 0) -> list[str]:
    """Note each comparison of a tree with its index, and make it take so long."""
    noted: list[str] = []
    changes = service.app.changes

    async def slow(place: Any, **arguments: Any) -> Any:
        noted.append(arguments["name"])
        await asyncio.sleep(seconds)
        return await changes(place, **arguments)

    monkeypatch.setattr(service.app, "changes", slow)
    return noted


async def test_a_tree_that_takes_long_is_not_looked_at_again_and_again(
    service: LocalSearchService, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.app.index(tree)
    looks = _looks(service, monkeypatch, seconds=0.2)
    async with asyncio.TaskGroup() as asking:
        for _ in range(20):
            asking.create_task(service.search(SearchRequest("pool", path=tree, limit=3), roots=(tree,)))
            await asyncio.sleep(0.05)
    assert len(looks) <= 2, "the first, and one for those who came while it went on"


async def test_a_repository_that_was_never_finished_is_indexed_for_those_who_work_in_it_only(
    service: LocalSearchService, tree: Path, other: Path, cluster: Cluster
) -> None:
    await service.app.index(tree)
    await service.app.index(other, choices=Choices(project="example"))
    location = (await service.app.find("example")).binding.location
    connection = await cluster.connect(location["database"])
    await connection.execute(f"UPDATE \"{location['schema']}\".repositories SET indexed_at = NULL WHERE name = 'other'")
    await connection.close()

    for _ in range(3):
        answer = await service.search(SearchRequest("pool", path=tree, limit=3), roots=(tree,))
        assert answer.hits
        assert answer.indexing is None
    assert service.app.jobs.list() == []

    answer = await service.search(SearchRequest("elsewhere", path=other, limit=3), roots=(other,))
    assert answer.indexing.path == other
    while service.app.jobs.list()[0].running:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("service", [{"missed_seconds": 0.0}], indirect=True)
async def test_what_may_not_be_looked_at_is_named_and_makes_nobody_look_more_often(
    service: LocalSearchService, tree: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.app.index(tree)
    await service.app.index(other, choices=Choices(project="example"))
    assert (
        await service.search(SearchRequest("pool", path=tree, limit=3), roots=(tree, other))
    ).freshness == Freshness(state="current")
    looks = _looks(service, monkeypatch)

    async with asyncio.timeout(60):
        while not looks:  # looking takes at most a tenth of the time
            answer = await service.search(SearchRequest("Molybdenum", path=tree, limit=3), roots=(tree,))
            assert answer.freshness.state == "current"
            assert answer.freshness.reason.startswith("other not compared")
            await asyncio.sleep(0.05)
    for _ in range(5):
        await service.search(SearchRequest("Molybdenum", path=tree, limit=3), roots=(tree,))
    assert set(looks) == {"example"}
    assert len(looks) < 10


async def test_a_project_that_cannot_be_read_is_named(service: LocalSearchService, tree: Path) -> None:
    project = await service.app.create("half")
    await (await service.app.projects()).change(
        project.id, lambda current: replace(current, status="failed"), action="test"
    )
    for folder in (None, tree):
        with pytest.raises(NotProvisioned, match="project 'half' cannot be read: it is failed"):
            await service.search(SearchRequest("pool", path=folder, project="half"))


async def test_a_part_is_not_taken_for_the_whole(environ: Mapping[str, str], tree: Path) -> None:
    chosen = {"CODEBASE_CORE_REVALIDATE_BUDGET": "60", "CODEBASE_CORE_AUTO_INDEX": "no"}
    async with LocalSearchService(App(load_settings(environ={**environ, **chosen}))) as service:
        await service.app.index(tree / "parser")
        status = await service.app.status(tree)
        assert status.as_dict()["repositories"][0]["only"] == ["parser"]
        answer = await service.search(SearchRequest("tokens", path=tree, limit=3), roots=(tree,))
        assert answer.freshness.state == "current"
        assert answer.freshness.reason.startswith(f"only parser of {tree} is indexed")


async def test_a_part_becomes_the_whole_when_that_is_asked_for(service: LocalSearchService, tree: Path) -> None:
    await service.app.index(tree / "parser")
    inside = await service.search(SearchRequest("pool", path=tree / "parser", limit=3), roots=(tree,))
    assert (inside.freshness.state, {hit.path for hit in inside.hits} <= {"parser/tokens.py", "parser/tree.py"}) == (
        "current",
        True,
    )
    answer = await service.search(SearchRequest("connection pool", path=tree, limit=3), roots=(tree,))
    assert (answer.hits[0].path, answer.freshness) == ("pool.py", Freshness(state="current"))
    assert (await service.app.status(tree)).as_dict()["repositories"][0]["only"] is None
    answer = await service.search(SearchRequest("tokens", path=tree, limit=3), roots=(tree,))
    assert answer.freshness == Freshness(state="current")


async def test_a_part_becomes_the_whole_in_a_job_where_the_rest_is_large(
    service: LocalSearchService, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codebase_core.indexing.changes.SMALL_FILES", 1)
    await service.app.index(tree / "parser")
    answer = await service.search(SearchRequest("connection pool", path=tree, limit=3), roots=(tree,))
    assert (answer.freshness.state, answer.freshness.reason) == ("behind", f"only parser of {tree} is indexed so far")
    while service.app.jobs.get(answer.freshness.job).running:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.05)
    answer = await service.search(SearchRequest("connection pool", path=tree, limit=3), roots=(tree,))
    assert (answer.hits[0].path, answer.freshness) == ("pool.py", Freshness(state="current"))


async def test_a_session_in_a_folder_of_a_repository_sees_what_changes_there(
    service: LocalSearchService, tree: Path
) -> None:
    """The root lay above what the session may look at, so that nothing was."""
    await service.app.index(tree)
    part = tree / "parser"
    (part / "tokens.py").write_text("def split_words():\n    pass\n")
    (tree / "pool.py").write_text("class OtherPool:\n    pass\n")

    answer = await service.search(SearchRequest("split_words", path=part, limit=3), roots=(part,))

    assert answer.freshness == Freshness(state="current", reason=f"only parser of {tree} was compared")
    assert answer.hits[0].text.startswith("def split_words")
    answer = await service.search(SearchRequest("OtherPool", path=part, limit=3), roots=(part,))
    assert {hit.state for hit in answer.hits if hit.path == "pool.py"} == {"changed"}
    status = (await service.app.status(tree)).as_dict()
    assert status["repositories"][0]["only"] is None
