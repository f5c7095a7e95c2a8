"""Which project a folder is written to: said once by the user, remembered by the registry."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from codebase_core_hookspecs import Claim, Request

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import CheckoutUnconfirmed, NotProvisioned, ProjectNotFound, ProjectUnresolved

from .conftest import Cluster
from .places import administering, is_database, place_of

schemas = pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)


def configure(folder: Path, **content: object) -> None:
    (folder / ".codebase-mcp").mkdir(exist_ok=True)
    (folder / ".codebase-mcp" / "config.json").write_text(json.dumps(content))


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True)


@schemas
async def test_a_config_file_makes_its_project_with_its_id_and_search_says_that_it_is_missing(
    app: App, tree: Path
) -> None:
    wanted = "12345678-1234-4234-8234-123456789abc"
    configure(tree, project={"name": "configured", "id": wanted})
    with pytest.raises(ProjectNotFound, match="'configured' does not exist"):
        await app.search("pool", path=tree)
    report = await app.index(tree)
    assert (report.created, str(report.resolution.require_project().id)) == (True, wanted)
    again = await app.index(tree)
    assert (again.created, again.resolution.tier) == (False, "config")


@schemas
async def test_a_checkout_joins_a_project_when_the_user_says_so_once(app: App, tree: Path, tmp_path: Path) -> None:
    await app.index(tree, choices=Choices(project="theirs"))
    other = tmp_path / "other"
    (other / ".git").mkdir(parents=True)
    (other / "a.py").write_text("x = 1\n")
    configure(other, project={"name": "theirs"})
    with pytest.raises(CheckoutUnconfirmed):
        await app.index(other)
    assert (await app.search("pool", path=other)).hits
    await app.index(other, choices=Choices(project="theirs"))
    assert (await app.index(other)).resolution.tier == "config"


@schemas
async def test_a_part_with_a_config_of_its_own_leaves_the_whole_its_own(app: App, tree: Path) -> None:
    configure(tree / "parser", project={"name": "part"})
    assert (await app.index(tree / "parser")).resolution.require_project().name == "part"
    git("init", "-q", str(tree))
    whole = await app.index(tree)
    assert (whole.created, whole.resolution.require_project().name) == (True, "example")
    assert (await app.index(tree / "parser")).resolution.require_project().name == "part"
    assert (await app.resolve(tree / "web")).require_project().name == "example"


@schemas
async def test_a_second_clone_may_get_a_project_of_its_own(app: App, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        git("init", "-q", str(tmp_path / name))
        git("-C", str(tmp_path / name), "remote", "add", "origin", "git@example.org:x.git")
        (tmp_path / name / "a.py").write_text("x = 1\n")
    await app.index(tmp_path / "one")
    await app.index(tmp_path / "two", choices=Choices(project="second"))
    assert (await app.index(tmp_path / "two")).resolution.require_project().name == "second"
    assert (await app.index(tmp_path / "one")).resolution.require_project().name == "one"


@schemas
async def test_second_resolution_lost_the_context(app: App, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request asks the chain once, and all that it does follows that one answer."""
    asked = []

    class Fickle:
        async def resolve(self, request: Request) -> Claim:
            asked.append(request)
            return Claim(evidence="a service", name="first" if len(asked) % 2 else "second")

    async def resolvers() -> list[tuple[int, str, Fickle]]:
        return [(150, "fickle", Fickle())]

    monkeypatch.setattr(app.engine, "resolvers", resolvers)
    for name in ("first", "second"):
        report = await app.index(tree)
        assert (report.resolution.require_project().name, report.resolution.tier, report.created) == (
            name,
            "fickle",
            True,
        )
    for name in ("first", "second"):
        assert (await app.search("connections pooled", path=tree)).project.name == name
    assert len(asked) == 4


@schemas
async def test_registry_row_without_database(app: App, cluster: Cluster, tree: Path) -> None:
    """The answer is an error that names the repair, never an empty result and never another project's."""
    await app.index(tree, choices=Choices(project="bystander"))
    await app.index(tree, choices=Choices(project="subject"))
    binding = (await app.find("subject")).binding
    async with administering(cluster, binding) as connection:
        force = "WITH (FORCE)" if is_database(binding) else "CASCADE"
        await connection.execute(f"DROP {place_of(binding)} {force}")
    for intent in (app.search("pool", project="subject"), app.index(tree, choices=Choices(project="subject"))):
        with pytest.raises(NotProvisioned) as caught:
            await intent
        assert "projects repair" in str(caught.value.hint)
    (problem,) = await app.verify()
    assert problem.kind == "missing"
    await app.repair(problem)
    await app.index(tree, choices=Choices(project="subject"))
    assert (await app.search("pool", project="subject")).hits


@pytest.mark.parametrize("store_name", ["postgres-database"], indirect=True)
async def test_the_default_project_takes_every_folder_that_nobody_knows_where_it_is_enabled(
    environ: Mapping[str, str], tree: Path, tmp_path: Path
) -> None:
    async with App(load_settings(environ={**environ, "CODEBASE_CORE_DEFAULT_PROJECT": "true"})) as app:
        with pytest.raises(ProjectNotFound, match="'default' does not exist"):
            await app.search("pool", path=tree)
        report = await app.index(tree)
        made = report.resolution.require_project()
        assert (report.created, made.id.int, made.binding.location["database"]) == (True, 0, "cb_proj_default_00000000")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "a.py").write_text("x = 1\n")
        assert (await app.index(tmp_path / "other")).resolution.require_project() == made
    async with App(load_settings(environ=environ)) as app:
        (tmp_path / "third").mkdir()
        with pytest.raises(ProjectUnresolved):
            await app.search("pool", path=tmp_path / "third")
