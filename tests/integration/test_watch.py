"""Indexes that follow their trees: by events, and by looking before an answer."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from codebase_core_hookspecs import SearchRequest

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import (
    AlreadyWatched,
    CodebaseCoreError,
    EmbedderUnavailable,
    LeaseLost,
    PathUnusable,
    ServerUnavailable,
)
from codebase_core.serving import LocalSearchService
from codebase_core.watching import Intervals, WatchBatch, watch

from .random_edits import Edited
from .rows import rows

pytestmark = pytest.mark.any_store

SOAK = bool(os.environ.get("CODEBASE_CORE_SOAK"))
ROUNDS, BURSTS, EDITS = (5, 500, 3) if SOAK else (1, 6, 3)
FILES = 10_000 if SOAK else 800
USUAL = Intervals()


@asynccontextmanager
async def watched(app: App, root: Path, intervals: Intervals = USUAL) -> AsyncIterator[list[WatchBatch]]:
    """Watch in the background; the batches so far are in the list."""
    batches: list[WatchBatch] = []

    async def follow() -> None:
        async with aclosing(watch(app, root, intervals=intervals)) as found:
            async for batch in found:
                batches.append(batch)  # noqa: PERF401 - while it goes on

    async with asyncio.TaskGroup() as group:  # a watch that ends, ends the test
        task = group.create_task(follow())
        await _until(lambda: bool(batches))
        yield batches
        task.cancel()


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - events
        await asyncio.sleep(0.05)


async def _difference(app: App, root: Path) -> dict[str, object]:
    """Compare the index of a tree with a fresh one; empty if they agree."""
    project = (await app.resolve(root)).require_project()
    made = (await app.index(root, choices=Choices(project="fresh"))).resolution.require_project()
    kept, fresh = await rows(app, project), await rows(app, made)
    await (await app.projects()).purge(await (await app.projects()).delete(made))
    return {
        name: set(kept[name]) ^ set(fresh[name]) for name in kept if kept[name] != fresh[name] and name == "files"
    } or {name: len(kept[name]) for name in kept if kept[name] != fresh[name]}


async def test_what_changes_is_indexed_and_what_is_ignored_is_not_followed(app: App, tree: Path) -> None:
    (tree / ".gitignore").write_text("*.log\nout/\n")
    (tree / "out").mkdir()
    (tree / "node_modules" / "x").mkdir(parents=True)
    async with watched(app, tree) as batches:
        (tree / "out" / "a.py").write_text("a = 1\n")
        (tree / "node_modules" / "x" / "b.js").write_text("b = 1\n")
        (tree / "noise.log").write_text("…\n")
        (tree / "deep" / "er").mkdir(parents=True)
        (tree / "deep" / "er" / "quicksilver.py").write_text("def quicksilver():\n    pass\n")
        await _until(lambda: len(batches) > 1)
        assert (await app.search("quicksilver", path=tree, limit=1)).hits[0].path == "deep/er/quicksilver.py"
        await asyncio.sleep(1.5)  # what came while it was indexed is looked at once more
        before = (await app.status(tree)).statistics.last_runs["example"].id
        (tree / "noise.log").write_text("more\n")
        (tree / "out" / "a.py").write_text("a = 2\n")
        await asyncio.sleep(1)
        assert (await app.status(tree)).statistics.last_runs["example"].id == before
        (tree / "deep" / "er" / "quicksilver.py").unlink()
        await _until(lambda: sum(batch.progress.removed for batch in batches) == 1)
    assert await _difference(app, tree) == {}


async def test_a_second_watcher_is_told_of_the_first(app: App, tree: Path) -> None:
    async with watched(app, tree):
        with pytest.raises(AlreadyWatched, match=f"process {os.getpid()}"):
            async with aclosing(watch(app, tree)) as second:
                await anext(second)


async def test_a_tree_that_cannot_be_watched_is_looked_at(
    app: App, tree: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")  # as the kernel says when its limit of watches is reached

    monkeypatch.setattr("watchfiles.main.RustNotify", refuse)
    async with watched(app, tree, Intervals(poll_s=0.2)) as batches:
        (tree / "quicksilver.py").write_text("def quicksilver():\n    pass\n")
        await _until(lambda: len(batches) > 1)
    assert "cannot be watched" in caplog.text
    assert (await app.search("quicksilver", path=tree, limit=1)).hits[0].path == "quicksilver.py"


@pytest.mark.parametrize("fault", [LeaseLost, EmbedderUnavailable, ServerUnavailable])
async def test_a_fault_that_passes_does_not_end_the_watch(
    app: App, tree: Path, monkeypatch: pytest.MonkeyPatch, fault: type[CodebaseCoreError]
) -> None:
    async with watched(app, tree, Intervals(busy_s=0.05, down_s=0.05)) as batches:
        monkeypatch.setattr(app, "index", _failing_once(app.index, fault))
        if fault is ServerUnavailable:
            monkeypatch.setattr(app, "scan", _failing_once(app.scan, fault))
        (tree / "new").mkdir()
        (tree / "new" / "quicksilver.py").write_text("def quicksilver():\n    pass\n")
        await _until(lambda: len(batches) > 1)
    assert (await app.search("quicksilver", path=tree, limit=1)).hits[0].path == "new/quicksilver.py"


def _failing_once(step: Callable[..., Awaitable[Any]], fault: type[CodebaseCoreError]) -> Callable[..., Awaitable[Any]]:
    faults = [fault("for now")]

    async def failing(*arguments: Any, **options: Any) -> Any:
        if faults:
            raise faults.pop()
        return await step(*arguments, **options)

    return failing


async def test_an_embedder_that_was_never_there_is_not_waited_for(environ: Mapping[str, str], tree: Path) -> None:
    nobody = {"CODEBASE_CORE_EMBEDDER": "ollama", "OLLAMA_BASE_URL": "http://127.0.0.1:9"}
    async with App(load_settings(environ={**environ, **nobody})) as app, aclosing(watch(app, tree)) as found:
        with pytest.raises(EmbedderUnavailable):
            await anext(found)


async def test_a_watched_folder_that_is_deleted_is_named_by_its_whole_path(
    app: App, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    async with aclosing(watch(app, Path())) as found:
        await anext(found)
        shutil.rmtree(tree)
        with pytest.raises(PathUnusable, match=f"{tree} does not exist"):
            await anext(found)


async def test_a_branch_switch_in_a_worktree_is_waited_for(app: App, tmp_path: Path) -> None:
    main, root = tmp_path / "main", tmp_path / "worktree"
    main.mkdir()
    git(main, "init", "--quiet")
    git(main, "commit", "--quiet", "--allow-empty", "-m", "first")
    git(main, "worktree", "add", "--quiet", root)
    (root / "first.py").write_text("def first():\n    pass\n")
    lock = main / ".git" / "worktrees" / "worktree" / "index.lock"
    assert lock.parent.is_dir()
    async with watched(app, root) as batches:
        lock.touch()
        for name in ("a", "b"):
            (root / f"{name}.py").write_text(f"def {name}():\n    pass\n")
            await asyncio.sleep(0.7)  # longer than the quiet that ends a batch
        lock.unlink()
        await _until(lambda: len(batches) > 1)
        assert [batch.progress.indexed for batch in batches[1:]] == [2]


def git(root: Path, *arguments: str | Path) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", *who, "-C", root, *arguments], check=True, capture_output=True)


@pytest.mark.soak
async def test_a_branch_switch_is_one_batch(app: App, tmp_path: Path) -> None:
    root = tmp_path / "large"
    root.mkdir()

    def fill(word: str) -> None:
        for number in range(FILES):
            (root / f"package{number % 50}").mkdir(exist_ok=True)
            (root / f"package{number % 50}" / f"m{number}.py").write_text(f"def {word}_{number}():\n    pass\n")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "-m", word)

    git(root, "init", "--quiet", "-b", "one")
    fill("one")
    git(root, "checkout", "--quiet", "-b", "two")
    fill("two")
    async with watched(app, root) as batches:
        await asyncio.to_thread(git, root, "checkout", "--quiet", "one")
        await _until(lambda: len(batches) > 1)
        await asyncio.sleep(2)
        assert [batch.progress.indexed for batch in batches] == [FILES, FILES]
        assert (await app.search("one_7", path=root, limit=1)).hits[0].text.startswith("def one_7")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_random_edits_are_followed_by_events(app: App, tmp_path: Path, seed: int) -> None:
    edited = Edited(tmp_path / "edited", random.Random(seed))
    async with watched(app, edited.root) as batches:
        for _ in range(BURSTS):
            for _ in range(edited.chance.randint(1, EDITS)):
                await asyncio.to_thread(edited.step)
                await asyncio.sleep(edited.chance.choice((0, 0, 0.1, 0.5)))
            await _quiet(app, edited.root, batches)
            assert await _difference(app, edited.root) == {}, edited.steps[-20:]


async def _quiet(app: App, root: Path, batches: list[WatchBatch]) -> None:
    """Wait until nothing was indexed for longer than a batch waits for quiet."""
    quiet = 0
    while quiet < 12:
        before = len(batches)
        await asyncio.sleep(0.1)
        project = (await app.resolve(root)).require_project()
        running = (await (await app.open(project)).repositories())[0].running
        quiet = 0 if len(batches) > before or running else quiet + 1


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_random_edits_are_followed_by_looking(environ: Mapping[str, str], tmp_path: Path, seed: int) -> None:
    edited = Edited(tmp_path / "edited", random.Random(seed))
    request, roots = SearchRequest("pool", path=edited.root, limit=3), (edited.root,)
    async with LocalSearchService(
        App(load_settings(environ={**environ, "CODEBASE_CORE_REVALIDATE_SECONDS": "0"}))
    ) as service:
        app = service.app
        await app.index(edited.root)
        for _ in range(BURSTS):
            for _ in range(edited.chance.randint(1, EDITS)):
                await asyncio.to_thread(edited.step)
                if edited.chance.random() < 0.2:  # an answer in the middle
                    await service.search(request, roots=roots)
            while (await service.search(request, roots=roots)).freshness.state != "current":  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            assert await _difference(app, edited.root) == {}, edited.steps[-20:]
