"""Many projects asked at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from codebase_core_hookspecs import Excerpt, SearchRequest, SymbolRequest

from codebase_core.app import App, Choices
from codebase_core.cli.app import cli
from codebase_core.config.settings import Settings, load_settings
from codebase_core.errors import ProjectNotFound, ServerUnavailable

from .worktrees import committed, worktree

pytestmark = pytest.mark.any_store


@pytest.fixture
async def folders(app: App, tree: Path, tmp_path: Path) -> list[Path]:
    made = [tree]
    for name in ("second", "third"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.py").write_text(f"class {name.title()}Pool:\n    '''Connections are pooled here.'''\n")
        made.append(folder)
    for folder in made:
        await app.index(folder)
    return made


REQUEST = SearchRequest("where are connections pooled", limit=5)


@pytest.mark.usefixtures("folders")
async def test_hits_are_merged_and_name_their_project(app: App) -> None:
    answers = await app.search_projects(REQUEST)
    assert answers.unavailable == {}
    found = [(each.project, each.hit.path) for each in answers.hits()][:3]
    assert set(found) == {("example", "pool.py"), ("second", "second.py"), ("third", "third.py")}
    shown = answers.as_dict()
    assert [hit["project"] for hit in shown["hits"]][:3] == [name for name, _ in found]
    assert {each["name"] for each in shown["projects"]} == {"example", "second", "third"}
    two = await app.search_projects(REQUEST, projects=["second", "third", "second"])
    assert {each.project for each in two.hits()} == {"second", "third"}
    narrow = await app.search_projects(replace(REQUEST, excerpt=Excerpt(max_tokens=60)))
    assert len(narrow.hits()) < len(answers.hits())


async def test_a_project_that_has_nothing_to_say_is_silent_where_another_answers(app: App, tmp_path: Path) -> None:
    """Of every project the first hit came first, whatever it was about."""
    pool = "class ConnectionPool:\n    def acquire(self):\n        return self.connections.pop()\n\n\n"
    bread = "def bake(dough, oven):\n    # Bake sourdough bread in the oven.\n    return oven.heat(dough)\n\n\n"
    for name, text in (("pools", pool), ("bakery", bread)):
        (tmp_path / name).mkdir()
        for n in range(6):
            (tmp_path / name / f"file{n}.py").write_text(text + f"def {name}_{n}():\n    return {n}\n")
        await app.index(tmp_path / name)

    async def asked(query: str) -> list[str]:
        return [each.project for each in (await app.search_projects(SearchRequest(query, limit=8))).hits()]

    assert set(await asked("where are connections acquired from the pool")) == {"pools"}
    assert set(await asked("how is sourdough bread baked in an oven")) == {"bakery"}
    assert (await asked("ConnectionPool"))[:6] == ["pools"] * 6
    assert (await asked("bake"))[:6] == ["bakery"] * 6
    named = await app.search_projects(SymbolRequest("bakery_*", limit=8))
    assert [each.project for each in named.hits()] == ["bakery"] * 6


@pytest.mark.usefixtures("folders")
async def test_a_project_that_cannot_be_asked_is_named_and_the_others_answer(
    app: App, settings: Settings, environ: Mapping[str, str], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text("class Pool:\n    pass\n")
    file = tmp_path / "config.toml"
    url = environ["REGISTRY_DATABASE_URL"]
    file.write_text(f'[servers.away]\nurl = "{url}"\n')
    with_file = {**environ, "CODEBASE_CORE_CONFIG": str(file)}
    async with App(load_settings(environ=with_file)) as here:
        await here.index(other, choices=Choices(server="away"))
    file.write_text('[servers.away]\nurl = "postgresql://x@127.0.0.1:9/x"\n')
    async with App(load_settings(environ=with_file)) as away:
        answers = await away.search_projects(REQUEST)
        assert list(answers.unavailable) == ["other"]
        assert len(answers.answers) == 3
        with pytest.raises(ServerUnavailable):
            await away.search_projects(REQUEST, projects=["other"])
        with pytest.raises(ProjectNotFound):
            await away.search_projects(REQUEST, projects=["nobody", "no one"])


async def test_a_search_over_several_projects_is_answered_from_the_checkout_in_which_it_is_asked(
    app: App, tree: Path, folders: list[Path], tmp_path: Path
) -> None:
    feature = worktree(committed(tree), tmp_path / "feature", files={"pool.py": "class FeaturePool:\n    pass\n"})
    await app.index(tree)
    await app.index(feature)
    for folder, name in ((feature, "FeaturePool"), (tree, "ConnectionPool"), (folders[1], "ConnectionPool")):
        answers = await app.search_projects(SearchRequest(name, path=folder))
        assert f"class {name}" in answers.hits()[0].hit.text
        assert {each["freshness"]["state"] for each in answers.as_dict()["projects"]} == {"unknown"}, (
            "no tree is compared"
        )


@pytest.mark.usefixtures("folders")
def test_the_command(environ: Mapping[str, str]) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, ["search", *words, "pooled connections"], env=environ, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    assert {hit["project"] for hit in json.loads(run("--all", "--json"))["hits"]} == {"example", "second", "third"}
    assert run("--project", "second", "--project", "third").startswith("1. ")
    assert "second: second.py:1-2" in run("--project", "second", "--project", "third")
    lines = run("--all", "--format", "path:line", "-k", "3").splitlines()
    assert all(Path(line.split(":")[0]).exists() for line in lines)
    assert json.loads(run("--project", "second", "--json"))["project"]["name"] == "second"
