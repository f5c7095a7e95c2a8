"""Hundreds of projects on one ordinary server, within one small budget of connections."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings

from .conftest import Cluster
from .test_connections import watched

PROJECTS = 300 if os.environ.get("CODEBASE_CORE_SOAK") else 20
BUDGET = 10


@pytest.mark.soak
async def test_many_projects_are_made_indexed_and_searched_within_the_budget(
    environ: Mapping[str, str], cluster: Cluster, tmp_path: Path
) -> None:
    trees = [_tree(tmp_path, number) for number in range(PROJECTS)]
    connection = await cluster.connect()
    assert int(await connection.fetchval("SHOW max_connections")) == 100
    await connection.close()
    settings = load_settings(environ={**environ, "POOL_MAX_SIZE": str(BUDGET), "CODEBASE_CORE_WORKERS": "1"})
    async with App(settings) as app, watched(cluster, "application_name = 'codebase-core'") as counts:
        for tree in trees:
            assert (await app.index(tree, choices=Choices(project=tree.name))).created
        for _ in range(2):
            await asyncio.gather(*(_search(app, tree) for tree in trees))
        for tree in trees:
            await _search(app, tree)
        assert len(await (await app.engine.registry()).list()) == PROJECTS
        assert await app.verify() == []
    assert max(counts) <= BUDGET + 1  # a writer's heartbeat has a connection of its own


def _tree(folder: Path, number: int) -> Path:
    root = folder / f"project{number}"
    root.mkdir()
    (root / "same.py").write_text(f"class Shared:\n    own = 'unique{number}'\n")
    return root


async def _search(app: App, tree: Path) -> None:
    answer = await app.search("class Shared unique", path=tree)
    assert answer.project.name == tree.name
    (hit,) = answer.hits
    assert f"'unique{tree.name.removeprefix('project')}'" in hit.text
