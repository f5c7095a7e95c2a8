"""Folders that are free again, moved or renamed keep their project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from codebase_core.app import App, Choices

from .worktrees import committed, git

pytestmark = pytest.mark.any_store


async def test_a_restored_project_has_its_free_folders_again(app: App, tree: Path, tmp_path: Path) -> None:
    project = (await app.index(tree)).resolution.require_project()
    shutil.copytree(tree, tmp_path / "second")
    await app.index(tmp_path / "second", choices=Choices(project="example"))
    projects = await app.projects()
    await projects.delete(project)
    await app.index(tmp_path / "second", choices=Choices(project="newcomer"))

    await projects.restore(await projects.deleted("example"))

    assert (await app.resolve(tree, intent="write")).require_project() == await app.find("example")
    assert (await app.resolve(tmp_path / "second")).require_project().name == "newcomer"
    assert list(await projects.folders(await app.find("example"))) == [str(tree)]
    assert not (await app.index(tree)).created


async def test_a_repository_without_a_remote_that_was_renamed_keeps_its_project(app: App, tree: Path) -> None:
    await app.index(committed(tree))
    moved = Path(shutil.move(tree, tree.with_name("renamed")))

    assert "which was" in (await app.resolve(moved)).evidence
    report = await app.index(moved)

    assert (report.created, report.repository, report.progress.indexed) == (False, "example", 0)
    (state,) = (await app.status(moved)).statistics.repositories
    assert (state.name, state.root) == ("example", str(moved))
    assert [project.name for project in await (await app.engine.registry()).list()] == ["example"]
    assert (await app.resolve(moved)).evidence == str(moved)


async def test_another_repository_is_not_taken_for_one_that_is_gone(app: App, tree: Path, tmp_path: Path) -> None:
    await app.index(committed(tree))
    shutil.move(tree, tmp_path / "away")
    other = tmp_path / "other"
    shutil.copytree(tmp_path / "away", other)
    (other / "pool.py").write_text("x = 1\n")
    committed(other)

    assert (await app.index(other)).created


async def test_evidence_names_no_machine(app: App, tree: Path, tmp_path: Path) -> None:
    await app.index(committed(tree))
    git(tree, "worktree", "add", "-q", str(tmp_path / "feature"), "-b", "feature")

    assert str(app.machine) not in (await app.resolve(tmp_path / "feature")).evidence
