"""Indexing a folder again and again: only what changed is touched, and the result equals a fresh index."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from codebase_core_postgres.project.writer import KEPT_RUNS
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App, Choices
from codebase_core.config.settings import Settings
from codebase_core.errors import NothingToIndex, PathUnusable
from codebase_core.indexing.scopes import indexed_scopes

from .rows import rows

pytestmark = pytest.mark.embedder


async def test_answers_come_out_of_a_fresh_index(app: App, tree: Path) -> None:
    report = await app.index(tree)
    assert report.created
    assert report.progress.indexed == 5
    assert report.progress.skipped == {"no source by its name": 1}
    answer = await app.search("where are connections pooled", path=tree)
    assert answer.hits[0].path == "pool.py"
    assert answer.hits[0].state == "current"
    assert answer.project.tier == "checkout"
    (repository,) = answer.repositories
    assert repository.indexed_at is not None


async def test_second_run_does_nothing(app: App, tree: Path) -> None:
    await app.index(tree)
    progress = (await app.index(tree)).progress
    assert (progress.indexed, progress.touched, progress.removed, progress.unchanged) == (0, 0, 0, 6)


async def test_an_edit_of_one_file_reads_one_file(app: App, tree: Path) -> None:
    await app.index(tree)
    (tree / "parser/tree.py").write_text("class Forest:\n    pass\n")
    progress = (await app.index(tree)).progress
    assert (progress.indexed, progress.unchanged) == (1, 5)
    hits = (await app.search("Forest", path=tree)).hits
    assert hits[0].path == "parser/tree.py"
    assert "SyntaxTree" not in "".join(hit.text for hit in hits)


async def test_a_new_time_without_a_new_content_embeds_nothing(app: App, tree: Path) -> None:
    await app.index(tree)
    os.utime(tree / "pool.py", (1, 1))
    progress = (await app.index(tree)).progress
    assert (progress.indexed, progress.touched) == (0, 1)
    assert (await app.index(tree)).progress.touched == 0


async def test_deleted_files_vanish(app: App, tree: Path) -> None:
    await app.index(tree)
    (tree / "pool.py").unlink()
    assert (await app.index(tree)).progress.removed == 1
    assert all(hit.path != "pool.py" for hit in (await app.search("connection pool", path=tree)).hits)


async def test_a_file_that_becomes_ignored_vanishes(app: App, tree: Path) -> None:
    await app.index(tree)
    (tree / ".gitignore").write_text("parser/\n")
    assert (await app.index(tree)).progress.removed == 2


async def test_a_sub_folder_is_a_scoped_run(app: App, tree: Path) -> None:
    await app.index(tree)
    (tree / "pool.py").unlink()
    (tree / "parser/tokens.py").unlink()
    (tree / "parser2.py").write_text("x = 1\n")
    progress = (await app.index(tree / "parser")).progress
    assert (progress.removed, progress.indexed, progress.unchanged) == (1, 0, 1)
    paths = {row[0] for row in (await rows(app, (await app.resolve(tree)).require_project()))["files"]}
    assert "pool.py" in paths
    assert "parser2.py" not in paths


async def test_an_unreadable_folder_keeps_what_is_known_of_it(
    app: App, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.index(tree)
    real = os.scandir

    def scandir(path: str | Path) -> object:
        if Path(path).name == "parser":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert (await app.index(tree)).progress.removed == 0
    monkeypatch.undo()
    assert {hit.path for hit in (await app.search("SyntaxTree walk", path=tree)).hits} >= {"parser/tree.py"}


async def test_nothing_to_index_leaves_no_project_behind(app: App, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(NothingToIndex):
        await app.index(empty)
    assert list(await (await app.engine.registry()).list()) == []
    assert await app.verify() == []


async def test_no_such_folder(app: App, tmp_path: Path) -> None:
    with pytest.raises(PathUnusable, match="does not exist"):
        await app.index(tmp_path / "nowhere")


async def test_skips_are_recorded_with_their_reason(app: App, tree: Path) -> None:
    (tree / "latin.py").write_bytes(b"# caf\xe9\n")
    (tree / "data.py").write_bytes(b"x = '\0'\n")
    (tree / "big.py").write_bytes(b"x = 1\n" * 200_000)
    (tree / ".env").write_text("TOKEN=1\n")
    (tree / "link.py").symlink_to(tree / "pool.py")
    (tree / "loop").symlink_to(tree / "loop")
    (tree / os.fsdecode(b"bad\xff.py")).write_text("x = 1\n")
    os.mkfifo(tree / "pipe.py")
    report = await app.index(tree)
    reasons = {each["path"]: each["reason"] async for each in app.skipped(report.resolution)}
    assert reasons == {
        ".env": "likely a secret",
        "bad\\xff.py": "name is not UTF-8",
        "big.py": "too large",
        "data.py": "binary",
        "latin.py": "read as windows-1252",
        "link.py": "symbolic link",
        "logo.png": "no source by its name",
        "loop": "symbolic link",
        "pipe.py": "not a regular file",
    }
    progress = (await app.index(tree)).progress
    assert progress.indexed == progress.touched == 0


async def test_a_file_of_one_long_line_is_cut_by_bytes(settings: Settings, tree: Path) -> None:
    (tree / "line.js").write_text("let x=1;" * 100_000)
    async with App(settings) as app:
        await app.index(tree)
        chunks = [
            row
            for row in (await rows(app, (await app.resolve(tree)).require_project()))["chunks"]
            if row[0] == "line.js"
        ]
        assert sum(row[5] - row[4] for row in chunks) == 800_000
        assert max(row[5] - row[4] for row in chunks) <= 34_000, "minified source is kept in large pieces"


async def test_a_project_may_hold_several_repositories(app: App, tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "pool.py").write_text("def other_pool():\n    pass\n")
    await app.index(tree, choices=Choices(project="both"))
    await app.index(other, choices=Choices(project="both"))
    answer = await app.search("pool", project="both")
    assert {(hit.repository, hit.path) for hit in answer.hits} >= {("example", "pool.py"), ("other", "pool.py")}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(int(os.environ.get("CODEBASE_CORE_SOAK", "0")) * 20 + 2))
async def test_random_edits_end_in_the_same_rows_as_a_fresh_index(app: App, tree: Path, seed: int) -> None:
    chance = random.Random(seed)
    await app.index(tree, choices=Choices(project="worn"))
    for _ in range(6):
        for _ in range(chance.randrange(1, 5)):
            _edit(tree, chance)
        scope = chance.choice(["", "", "parser"])
        if not scope or (tree / scope).is_dir():
            await app.index(tree / scope, choices=Choices(project="worn"))
    await app.index(tree, choices=Choices(project="worn"))
    await app.index(tree, choices=Choices(project="fresh"))
    worn, fresh = [await rows(app, await app.find(name)) for name in ("worn", "fresh")]
    assert worn == fresh


def _edit(tree: Path, chance: random.Random) -> None:
    files = [path for path in tree.rglob("*.py") if path.is_file()]
    folder = tree / chance.choice(["", "parser", "deep/er"])
    kind = chance.choice(["new", "new", "change", "delete", "move", "touch", "breaks"])
    if kind == "new" or not files:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"f{chance.randrange(10)}.py"
        (folder / name).write_text("".join(f"def name_{chance.randrange(50)}(): pass\n" for _ in range(60)))
    elif kind == "change":
        with chance.choice(files).open("a") as file:
            file.write(f"value_{chance.randrange(9)} = {chance.randrange(99)}\n")
    elif kind == "delete":
        chance.choice(files).unlink()
    elif kind == "move":
        folder.mkdir(parents=True, exist_ok=True)
        chance.choice(files).rename(folder / f"moved{chance.randrange(5)}.py")
    elif kind == "touch":
        os.utime(chance.choice(files))
    else:
        chance.choice(files).write_bytes(b"\xff\xfe broken \xff")


async def test_old_runs_are_forgotten_but_not_what_of_a_repository_is_indexed(app: App, tree: Path) -> None:
    """Every edit that an agent's question finds is a run: a busy day left ten thousand rows."""
    report = await app.index(tree / "parser")
    store = await app.open(report.resolution.require_project())
    async with store._pool.acquire(store.namespace.database) as connection:
        await connection.execute(
            f"INSERT INTO {quote(store.namespace.schema)}.index_runs (repository_id, scope, fence, holder, outcome) "
            f"SELECT repository_id, '{{web}}', fence, holder, 'done' FROM {quote(store.namespace.schema)}.index_runs, "
            f"generate_series(1, 3 * {KEPT_RUNS})"
        )

    await app.index(tree / "web")

    runs = await store.runs(limit=10 * KEPT_RUNS)
    assert len(runs) == KEPT_RUNS + 2
    assert (runs[0].scope, runs[-1].scope) == (("web",), ("parser",))
    assert await indexed_scopes(store, report.repository) == ["parser", "web"]
