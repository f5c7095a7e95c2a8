"""Every project in a place of its own: rows never cross, foreign places are left alone, making one can be repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from codebase_core_hookspecs import Filters
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App, Choices
from codebase_core.config.settings import Settings, load_settings
from codebase_core.errors import EmbedderUnavailable

from .conftest import Cluster

QUERIES = [
    "where are connections pooled",
    "ConnectionPool",
    "acquire",
    "pool.py",
    "SyntaxTree.walk",
    "the of and",
    "🙂",
]


@pytest.fixture
def trees(tmp_path: Path) -> dict[str, Path]:
    """The same paths with nearly the same text, told apart by a word."""
    found = {}
    for owner in ("alpha", "beta", "gamma"):
        root = tmp_path / owner / "app"
        for path in ("pool.py", "deep/pool.py", "tree.py"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            text = f"# secret of {owner}\nclass ConnectionPool:\n    def acquire(self): pass\n\n"
            text += "class SyntaxTree:\n    def walk(self): pass\n"
            (root / path).write_text(text)
        found[owner] = root
    return found


@pytest.mark.embedder
async def test_projects_never_see_each_others_rows(
    environ: Mapping[str, str], trees: Mapping[str, Path], cluster: Cluster
) -> None:
    async with App(load_settings(environ={**environ, "POOL_MAX_SIZE": "2"})) as app:
        for owner, root in trees.items():
            await app.index(root, choices=Choices(project=owner))

        async def ask(owner: str, query: str, filters: Filters) -> None:
            for other in trees:
                answer = await app.search(f"{query} secret of {other}", project=owner, filters=filters)
                assert answer.hits or filters.path_globs
                assert all(f"secret of {owner}" in hit.text for hit in answer.hits)
                assert {state.root for state in answer.repositories} == {str(trees[owner])}

        kinds = [Filters(), Filters(languages=frozenset({"python"})), Filters(path_globs=("deep",))]
        await asyncio.gather(*(ask(o, q, f) for o in trees for q in QUERIES for f in kinds))

        async with asyncio.TaskGroup() as tasks:  # while one is written, too
            tasks.create_task(app.index(trees["alpha"], choices=Choices(project="alpha"), force=True))
            for query in QUERIES:
                tasks.create_task(ask("beta", query, Filters()))


async def test_what_one_project_drops_another_keeps(app: App, trees: Mapping[str, Path]) -> None:
    for owner, root in trees.items():
        await app.index(root, choices=Choices(project=owner))
    before = (await app.status(project="beta")).statistics
    await (await app.projects()).purge(await app.find("alpha"))
    (trees["gamma"] / "tree.py").unlink()
    await app.index(trees["gamma"], choices=Choices(project="gamma"))
    assert (await app.status(project="beta")).statistics == before


async def test_a_project_made_anew_at_the_same_place_is_not_taken_for_the_old_one(
    settings: Settings, tree: Path
) -> None:
    async with App(settings) as long_lived, App(settings) as other:
        await long_lived.index(tree, choices=Choices(project="again"))
        await (await other.projects()).purge(await other.find("again"))
        await other.index(tree / "web", choices=Choices(project="again"))
        paths = {hit.path for hit in (await long_lived.search("pool server", project="again")).hits}
        assert paths == {"web/server.js"}


async def test_a_run_needs_no_more_than_two_connections(environ: Mapping[str, str], tree: Path) -> None:
    async with App(load_settings(environ={**environ, "POOL_MAX_SIZE": "1"})) as narrow:
        assert (await narrow.index(tree)).progress.indexed
        assert (await narrow.search("pool", path=tree)).hits


async def test_a_project_of_a_model_that_is_gone_says_which_and_what_to_do(app: App, tree: Path) -> None:
    """It said "leave the model out" to somebody who had named none."""
    report = await app.index(tree)
    store = await app.open(report.resolution.require_project())
    schema = quote(store.namespace.schema)
    async with store._pool.acquire(store.namespace.database) as connection:
        await connection.execute(
            f"UPDATE {schema}.manifest SET embedder = jsonb_set(embedder, '{{model}}', '\"model-of-old\"')"
        )
    async with App(app.settings) as later:
        with pytest.raises(EmbedderUnavailable, match=r"indexed with .*:model-of-old, which cannot be used") as failed:
            await later.search("pool", path=tree)
    assert "codebase-core reindex --embedder" in str(failed.value.hint)
