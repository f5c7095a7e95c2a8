"""A project goes to a file and back, and from one place to another, whole or not at all."""

from __future__ import annotations

import asyncio
import io
import json
import os
import stat
import tarfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from codebase_core_hookspecs import CodebaseCoreError, Project, Source, StorePlugin
from codebase_core_postgres.project.format import FORMAT
from codebase_core_postgres.project.namespace import mark, owner
from codebase_core_postgres.project.pause_writers import SameNamespace
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import template

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import AlreadyThere, ArchiveUnreadable, BindingTaken, NameTaken, ProjectBusy, Unsupported
from codebase_core.projects.lifecycle import Projects

from .conftest import Cluster
from .faults import injected
from .places import administering, is_database


@pytest.fixture
async def project(app: App, tree: Path) -> Project:
    await app.index(tree, choices=Choices(project="subject"))
    await app.index(tree, choices=Choices(project="bystander"))
    projects = await app.projects()
    await projects.tag(await app.find("subject"), add=["kept"])
    return await app.find("subject")


async def answers(app: App, name: str = "subject") -> list[tuple[object, ...]]:
    found = []
    for query in ("connections pooled", "tokenize", "SyntaxTree", "startServer"):
        answer = await app.search(query, project=name)
        found += [(query, hit.path, hit.start_line, hit.text, round(hit.score, 6)) for hit in answer.hits]
    return found


async def test_a_backup_brings_a_project_back_with_its_mark(
    app: App, cluster: Cluster, project: Project, tree: Path, tmp_path: Path
) -> None:
    before, file = await answers(app), tmp_path / "subject.backup"
    projects = await app.projects()
    await projects.backup(project, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(NameTaken):
        await projects.restore_from(file)
    assert await answers(app) == before
    await projects.purge(project)
    back = await projects.restore_from(file)
    assert (back.id, back.name, back.binding, back.tags) == (project.id, "subject", project.binding, {"kept"})
    assert await app.verify() == []
    assert await answers(app) == before
    (tree / "new.py").write_text("def brand_new():\n    pass\n")
    report = await app.index(tree, choices=Choices(project="subject"))
    assert (report.progress.indexed, report.progress.unchanged + report.progress.touched) == (1, 6)
    async with administering(cluster, back.binding) as connection:
        kind, name = ("pg_database", "datname") if is_database(back.binding) else ("pg_namespace", "nspname")
        function = "shobj_description" if is_database(back.binding) else "obj_description"
        marked = await connection.fetchval(
            f"SELECT {function}(oid, '{kind}') FROM {kind} WHERE {name} = $1",
            back.binding.location["database" if is_database(back.binding) else "schema"],
        )
    assert owner(marked) == project.id
    assert _names(tmp_path) == ["example", "home", "subject.backup"]


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def test_a_backup_comes_back_under_another_name(app: App, project: Project, tmp_path: Path) -> None:
    projects = await app.projects()
    await projects.backup(project, tmp_path / "b")
    await projects.purge(project)
    await app.create("subject")
    with pytest.raises(NameTaken):
        await projects.restore_from(tmp_path / "b")
    assert await app.verify() == []
    if not is_database(project.binding):  # a schema keeps its name, which is the new project's now
        with pytest.raises(BindingTaken) as caught:
            await projects.restore_from(tmp_path / "b", name="again")
        assert "--server" in str(caught.value.hint)
        await projects.purge(await app.find("subject"))
    back = await projects.restore_from(tmp_path / "b", name="again")
    assert (back.name, back.id) == ("again", project.id)
    assert await answers(app, "again")


def _tar(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


async def test_what_is_no_backup_is_refused_and_leaves_nothing(app: App, project: Project, tmp_path: Path) -> None:
    projects = await app.projects()
    file = tmp_path / "b"
    await projects.backup(project, file)
    await projects.purge(project)
    whole = file.read_bytes()
    with tarfile.open(file) as archive:
        record = archive.extractfile("project.json").read()  # type: ignore[union-attr]
    outside = json.loads(record)
    outside["project"]["status"] = "gone"
    damaged = {
        "text": b"no archive",
        "empty": b"",
        "cut": whole[: len(whole) // 3],
        "no index": _tar({"project.json": record}),
        "index is no dump": _tar({"project.json": record, "index": b"DROP SCHEMA codebase_core CASCADE;"}),
        "another status": _tar({"project.json": json.dumps(outside).encode(), "index": b""}),
        "record is no JSON": _tar({"project.json": b"{", "index": b""}),
    }
    for what, content in damaged.items():
        file.write_bytes(content)
        with pytest.raises(CodebaseCoreError) as caught:
            await projects.restore_from(file)
        assert caught.value.hint, what
        assert isinstance(caught.value, ArchiveUnreadable) or what == "index is no dump"
        assert [each.name for each in await projects.everything()] == ["bystander"], what
        assert await app.verify() == [], what
    assert await answers(app, "bystander")


@pytest.fixture
async def second(cluster: Cluster, environ: dict[str, str], tmp_path: Path) -> AsyncIterator[App]:
    """An application that knows another server: another database of the same cluster, by another name."""
    database = f"test_{uuid4().hex[:12]}"
    connection = await cluster.connect()
    await connection.execute(f"CREATE DATABASE {quote(database)}")
    config = tmp_path / "config.toml"
    config.write_text(f'[servers.other]\nurl = "{cluster.url(database)}"\n')
    async with App(load_settings(environ={**environ, "CODEBASE_CORE_CONFIG": str(config)})) as app:
        yield app
    await connection.execute(f"DROP DATABASE {quote(database)} WITH (FORCE)")
    await connection.close(timeout=5)


@pytest.mark.parametrize("server", ["environment", "other"])
@pytest.mark.parametrize("store", ["postgres-database", "postgres-schema"])
async def test_a_project_moves_between_stores_and_servers(
    second: App, project: Project, tree: Path, store: str, server: str
) -> None:
    before = await answers(second)
    projects = await second.projects()
    if (store, server) == (project.binding.store, project.binding.server):
        with pytest.raises(AlreadyThere):
            await projects.move(project, store=store, server=server)
        return
    if is_database(project.binding) and store == project.binding.store:
        with pytest.raises(
            SameNamespace, match="by another name"
        ):  # of one server: dropping the old would drop the new
            await projects.move(project, store=store, server=server)
        assert await answers(second) == before
        await second.index(tree, choices=Choices(project="subject"))
        return
    moved = await projects.move(project, store=store, server=server)
    assert (moved.binding.store, moved.binding.server) == (store, server)
    assert await answers(second) == before
    assert await second.verify() == []
    (tree / "new.py").write_text("def brand_new():\n    pass\n")
    report = await second.index(tree, choices=Choices(project="subject"))
    assert (report.progress.indexed, report.progress.unchanged + report.progress.touched) == (1, 6)
    assert (await second.search("brand_new", project="subject")).hits[0].path == "new.py"
    back = await projects.move(moved, store=project.binding.store, server=project.binding.server)
    assert await second.verify() == []
    assert [(query, path) for query, path, *_ in await answers(second)]
    assert (await projects.history(project.id))[-1].action == "move"
    assert back.binding.store == project.binding.store


async def test_a_project_of_an_older_form_is_migrated_before_it_moves(
    second: App, cluster: Cluster, store_name: str
) -> None:
    project = await second.create("old")
    schema = quote(project.binding.location["schema"])
    async with administering(cluster, project.binding, inside=True) as connection:
        row = await connection.fetchrow(f"SELECT * FROM {schema}.manifest")
        await connection.execute(f"DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}")
        tables = template("migrations/project/0001_initial").format(s=schema, v='"public"', d=256)
        await connection.execute(tables)
        columns, values = ", ".join(row.keys()), ", ".join(f"${number + 1}" for number in range(len(row)))
        await connection.execute(f"INSERT INTO {schema}.manifest ({columns}) VALUES ({values})", *row.values())
        await connection.execute(f"UPDATE {schema}.manifest SET format = 1")
        await connection.execute(f"COMMENT ON SCHEMA {schema} IS '{mark(project.id)}'")
    moved = await (await second.projects()).move(project, store="postgres-schema", server="other")
    assert (await second.open(moved)).manifest.format == FORMAT
    assert await second.verify() == []


async def test_a_project_that_is_being_written_is_not_moved(second: App, project: Project, tree: Path) -> None:
    store = await second.open(project)
    (state,) = await store.repositories()
    source = Source(name=state.name, identity=state.identity, root=state.root, machine=state.machine)
    async with store.writing(source, scope=()):
        with pytest.raises(ProjectBusy):
            await (await second.projects()).move(project, store="postgres-schema", server="other")
    assert await second.verify() == []
    assert await answers(second)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_move_that_fails_at_any_step_keeps_the_project_whole(
    second: App, project: Project, after: bool
) -> None:
    before = await answers(second)
    projects = await second.projects()
    for step in range(1, 400, 7 if not os.environ.get("CODEBASE_CORE_SOAK") else 1):
        with injected() as faults:
            faults.arm(step, after=after)
            with suppress(CodebaseCoreError):
                await projects.move(await second.find("subject"), store="postgres-schema", server="other")
        for problem in await second.verify():
            await second.repair(problem, drop=True)
        assert await second.verify() == []
        assert await answers(second) == before, step
        moved = await second.find("subject")
        if moved.binding.server == "other":
            await projects.move(moved, store=project.binding.store, server=project.binding.server)
        if not faults.hit:
            return
    raise AssertionError("a move of more steps than that")


async def test_moves_at_the_same_time_end_in_one_place(second: App, project: Project) -> None:
    projects = await second.projects()
    moves = [projects.move(project, store="postgres-schema", server="other") for _ in range(3)]
    ends = await asyncio.gather(*moves, return_exceptions=True)
    assert sum(isinstance(end, Project) for end in ends) == 1
    assert await second.verify() == []
    assert await answers(second)


async def test_a_store_that_cannot_says_so(second: App, project: Project, tmp_path: Path) -> None:
    projects = await second.projects()
    await projects.backup(project, tmp_path / "b")
    unable = replace(second.engine.plugins.store("postgres-schema"), supports=frozenset())
    plain = Projects(await second.engine.registry(), second.engine.store, home=tmp_path, plugin=lambda name: unable)
    for work in (
        plain.backup(project, tmp_path / "c"),
        plain.restore_from(tmp_path / "b", name="again"),
        plain.move(project, store="postgres-schema", server="other"),
    ):
        with pytest.raises(Unsupported, match="does not support"):
            await work
    assert not (tmp_path / "c").exists()
    assert await second.verify() == []


async def test_a_project_does_not_move_to_a_store_of_another_plugin(
    second: App, project: Project, tmp_path: Path
) -> None:
    """Each plugin reads its own places only, whatever both declare."""

    def plugin(name: str) -> StorePlugin:
        return replace(second.engine.plugins.store("postgres-schema"), name=name, section=name)

    foreign = Projects(await second.engine.registry(), second.engine.store, home=tmp_path, plugin=plugin)
    other = next(each for each in ("postgres-schema", "postgres-database") if each != project.binding.store)
    with pytest.raises(Unsupported, match="cannot read what"):
        await foreign.move(project, store=other, server="other")
    assert await answers(second)
