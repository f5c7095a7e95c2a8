"""A thousand hostile texts in every place that takes one: refused with a clear error, or stored and found again exactly."""

# ruff: noqa: PT017, RUF001, ASYNC240 - either outcome is right, look-alikes are the point

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Checkout, Project

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import CodebaseCoreError, IllegalName, IllegalText, NameTaken, PathUnusable

from .conftest import Cluster
from .hostile import NAMES, TEXTS

pytestmark = [pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True), pytest.mark.any_store]


@pytest.fixture(params=["postgres", "json"])
async def app(request: pytest.FixtureRequest, environ: Mapping[str, str]) -> AsyncIterator[App]:
    async with App(load_settings(environ={**environ, "CODEBASE_CORE_REGISTRY": request.param})) as app:
        yield app


@pytest.fixture
def share(request: pytest.FixtureRequest) -> int:
    """One of how many texts is tried: all of them on the registry that serves by default, some on the other."""
    return {"postgres": 1, "json": 4}[request.node.callspec.params["app"]]


@pytest.fixture
async def bystander(app: App, tree: Path, cluster: Cluster) -> AsyncIterator[Project]:
    """A project that nothing done to others may change."""
    await app.index(tree, choices=Choices(project="bystander"))
    before = await _all_of(app, cluster)
    yield await app.find("bystander")
    assert await _all_of(app, cluster) == before


async def _all_of(app: App, cluster: Cluster) -> tuple[object, ...]:
    project = await app.find("bystander")
    connection = await cluster.connect(project.binding.location["database"])
    try:
        chunks = await connection.fetchval(f'SELECT count(*) FROM "{project.binding.location["schema"]}".code_chunks')
        databases = await connection.fetch("SELECT datname FROM pg_database ORDER BY 1")
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'codebase_core' ORDER BY 1")
    finally:
        await connection.close(timeout=5)
    return project, chunks, tuple(map(tuple, databases)), tuple(map(tuple, tables))


async def test_names(app: App, bystander: Project, share: int) -> None:
    assert len(NAMES) >= 1_000
    projects = await app.projects()
    made: dict[str, Project] = {}
    for name in NAMES[::share]:
        try:
            made[name] = await app.create(name)
        except IllegalName as exc:
            assert exc.hint
            assert len(exc.message) < 1_000
            assert exc.message.isprintable()
        except NameTaken:
            assert name.casefold() in {each.casefold() for each in made}, name
    assert len(made) > 100 // share, "many are odd and legal"
    assert await app.verify() == []
    for name, project in made.items():
        found = await app.find(name)
        assert (found.name, found.id) == (name, project.id)
        assert (await app.open(found)).manifest.project == found.id
    places = {tuple(sorted(each.binding.location.items())) for each in await projects.everything()}
    assert len(places) == len(made) + 1
    for project in made.values():
        await projects.purge(project)
    assert [each.name for each in await projects.everything()] == ["bystander"]


async def test_explicit_projects(app: App, bystander: Project, tree: Path) -> None:
    """What --project says is an error or that project: never a project of another name, whatever the folder says."""
    for text in NAMES:
        with pytest.raises(CodebaseCoreError) as caught:
            (await app.resolve(tree, project=text)).require_project()
        assert caught.value.hint


async def test_descriptions_tags_and_metadata(app: App, bystander: Project, share: int) -> None:
    projects = await app.projects()
    project = await app.create("subject")
    stored = 0
    for text in TEXTS[:: 3 * share]:
        for change in ({"description": text}, {"metadata": {"key": text}}, {"metadata": {text: [text]}}):
            try:
                changed = await projects.describe(project, **change)
            except IllegalText as exc:
                assert exc.hint
                continue
            stored += 1
            found = await app.find("subject")
            assert found == changed
            if "description" in change:
                assert found.description == (text or None)
            else:
                assert found.metadata.items() >= change["metadata"].items()
        await projects.change(project.id, lambda p: replace(p, metadata={}), action="describe")
    for text in TEXTS[:: 3 * share]:
        try:
            changed = await projects.tag(project, add=[text])
        except IllegalText as exc:
            assert exc.hint
            continue
        assert text in changed.tags
        assert await app.find("subject") == changed
    assert stored > 500 // share
    await projects.purge(project)


async def test_folders(app: App, bystander: Project, tmp_path: Path) -> None:
    """A checkout is found by the folder that it is, however it is spelled."""
    registry = await app.engine.registry()
    project = await app.create("subject")
    known = []
    for number, text in enumerate(TEXTS[::5]):
        folder = tmp_path / str(number) / (text.replace("/", "∕") or "empty")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError):
            continue  # no file system holds it
        try:
            resolution = await app.resolve(folder, intent="write")
        except PathUnusable as exc:
            assert exc.hint
            continue
        assert resolution.project is None
        root = str(folder.resolve())
        if root not in known and folder.name not in (".", "..", ".git"):
            await registry.attach(
                Checkout(project=project.id, machine=app.machine, root=root, identity=root), actor="me"
            )
            known.append(root)
            found = await app.resolve(folder)
            assert (found.project, found.root) == (project, Path(root))
    assert sorted(each.root for each in await registry.all_checkouts() if each.project == project.id) == sorted(known)
    assert len(known) > 150
    await (await app.projects()).purge(project)


async def test_a_path_that_is_not_utf_8_is_refused(app: App, bystander: Project, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    with pytest.raises(PathUnusable, match="UTF-8"):
        await app.index(folder)


async def test_unknown_ids(app: App, bystander: Project) -> None:
    registry = await app.engine.registry()
    for number in range(200):
        assert await registry.get(UUID(int=bystander.id.int ^ (1 << number % 128))) is None
        assert await registry.get(uuid4()) is None
