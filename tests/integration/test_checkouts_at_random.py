"""Four checkouts of one repository, edited, switched, indexed and asked at random: each is answered like an index of it alone."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from codebase_core.app import App, Choices
from codebase_core.operations.gone_checkouts import all_gone, forget_checkout
from codebase_core.projects.repository import Repository

from .random_edits import WORDS, Edited
from .tables import orphans
from .worktrees import git

ROUNDS, STEPS = (50, 40) if os.environ.get("CODEBASE_CORE_SOAK") else (2, 14)
QUERIES = ("pool token", "server price", "order_", "queue.py", *WORDS[:3])
CLOSE = 5
"""Digits after the point in which scores agree: impacts and vectors are stored as floats of four and two bytes."""


class Worktree(Edited):
    """A further worktree or clone of a repository, edited like the first tree."""

    def __post_init__(self) -> None:
        """Take what is there."""


class Checkouts:
    """A repository, its worktrees and clones, and what happens to them."""

    def __init__(self, app: App, folder: Path, seed: int) -> None:
        self.app = app
        self.folder = folder
        self.chance = random.Random(seed)
        self.main = Edited(folder / "main", self.chance)
        git(self.main.root, "remote", "add", "origin", "https://example.org/random/shop.git")
        self.others: list[Edited] = []
        self.made = 0
        self.steps: list[str] = []

    async def step(self) -> None:
        """Do one thing to one of them."""
        kinds = [self._edit] * 6 + [self._index] * 3 + [self._ask] * 4 + [self._add] * 2 + [self._remove]
        chosen = self.chance.choice(kinds if len(self.others) < 3 else [k for k in kinds if k != self._add])
        self.steps.append(chosen.__name__)
        await chosen()

    @property
    def all(self) -> list[Edited]:
        """The main checkout and the others."""
        return [self.main, *self.others]

    async def _edit(self) -> None:
        for _ in range(self.chance.randrange(1, 5)):
            self.chance.choice(self.all).step()

    async def _index(self) -> None:
        await self.app.index(self.chance.choice(self.all).root)

    async def _ask(self) -> None:
        one = self.chance.choice(self.all)
        answer = await self.app.search(self.chance.choice(QUERIES), path=one.root)
        for hit in answer.hits:
            file = one.root / hit.path
            said = {"current": file.is_file() and hit.text in file.read_text(), "missing": not file.exists()}
            assert said.get(hit.state, hit.state == "changed"), (self.steps, one.root, hit.path, hit.state)

    async def _add(self) -> None:
        self.made += 1
        target = self.folder / f"other{self.made}"
        if self.chance.random() < 0.7:
            git(self.main.root, "worktree", "add", "-q", "--detach", str(target))
        else:
            git(self.folder, "clone", "-q", str(self.main.root), str(target))
            git(target, "remote", "set-url", "origin", "https://example.org/random/shop.git")
        self.others.append(Worktree(target, self.chance))

    async def _remove(self) -> None:
        if self.others:
            gone = self.others.pop(self.chance.randrange(len(self.others)))
            shutil.rmtree(gone.root)
            git(self.main.root, "worktree", "prune")


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_each_checkout_is_answered_like_an_index_of_it_alone(app: App, tmp_path: Path, seed: int) -> None:
    checkouts = Checkouts(app, tmp_path, seed)
    await app.index(checkouts.main.root)
    while len(checkouts.others) < 3 or len(checkouts.steps) < STEPS:
        await checkouts.step()
    for one in checkouts.all:
        await app.index(one.root)
    project = (await app.resolve(checkouts.main.root)).require_project()
    assert [each.id for each in await (await app.engine.registry()).list()] == [project.id]

    for number, one in enumerate(checkouts.all):
        copy = tmp_path / f"copy{number}"
        await asyncio.to_thread(shutil.copytree, one.root, copy, ignore=shutil.ignore_patterns(".git"))
        git(copy, "init", "-q")
        await app.index(copy, choices=Choices(project=f"fresh{number}"))
        assert await _seen(app, one.root) == await _seen(app, copy), (checkouts.steps, one.root)

    for each, gone in await all_gone(app.engine):
        for checkout in gone:
            await forget_checkout(app.engine, each, checkout)
    assert await orphans(app, project) == {}
    for other in checkouts.others:
        shutil.rmtree(other.root)
    for each, gone in await all_gone(app.engine):
        for checkout in gone:
            await forget_checkout(app.engine, each, checkout)
    assert await orphans(app, project, aside=True) == {}


async def _seen(app: App, folder: Path) -> Mapping[str, Any]:
    """Return everything that is answered about a folder, without what only says where it is."""
    store = await app.open_checkout(await app.resolve(folder))
    counted = await store.statistics()
    name = counted.repositories[0].name
    states = [each async for page in store.file_states(name) for each in page]
    files = await store.files([(name, each.path) for each in states])
    found: dict[str, Any] = {
        "files": [(each.path, each.content_hash, each.skipped) for each in states],
        "texts": {path: "".join(chunk.text for chunk in file.chunks) for (_, path), file in files.items()},
        "counts": (counted.files, counted.chunks, counted.symbols, counted.skipped, counted.languages),
        "scopes": Repository.at(folder).scope,
    }
    for query in QUERIES:
        hits = (await app.search(query, path=folder, limit=1_000)).hits
        found[query] = sorted(
            (-round(hit.score, CLOSE), hit.path, hit.start_line, hit.end_line, hit.state, hit.text) for hit in hits
        )
    definitions = (await app.symbol("pool_*", path=folder, limit=1_000)).hits
    found["symbols"] = sorted((hit.path, hit.start_line, hit.text) for hit in definitions)
    return found
