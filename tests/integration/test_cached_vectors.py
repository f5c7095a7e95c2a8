"""Projects with an embedder that costs: nothing is embedded twice, and what fails stops the run with what is stored kept."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import EmbedderMismatch, EmbedderUnavailable
from codebase_core.indexing import caching_embedder as sparing
from tests.ollama_server import State, serving

from .rows import rows

pytestmark = pytest.mark.any_store


@pytest.fixture
def server() -> Iterator[tuple[str, State]]:
    with serving() as found:
        yield found


@pytest.fixture
def served(environ: Mapping[str, str], server: tuple[str, State]) -> Mapping[str, str]:
    return {**environ, "CODEBASE_CORE_EMBEDDER": "ollama", "OLLAMA_BASE_URL": server[0]}


@pytest.fixture
async def app(served: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    monkeypatch.setattr(sparing, "PAUSES", (0.0, 0.0))
    async with App(load_settings(environ=served)) as opened:
        yield opened


async def test_a_moved_folder_a_branch_and_back_and_a_second_worktree_embed_nothing(
    app: App, server: tuple[str, State], tree: Path, tmp_path: Path
) -> None:
    _, state = server
    await app.index(tree)
    embedded = len(state.embedded())
    assert embedded == 5
    assert all(text.startswith("search_document: ") for text in state.embedded())
    first = await app.search("where are connections pooled", path=tree)
    assert first.hits[0].path == "pool.py"

    (tree / "parser").rename(tree / "grammar")
    report = await app.index(tree)
    assert (report.progress.indexed, report.progress.removed) == (2, 2)
    assert (report.progress.embedded, report.progress.reused) == (0, 2)
    original = (tree / "pool.py").read_text()
    (tree / "pool.py").write_text(original.replace("acquire", "take"))
    assert (await app.index(tree)).progress.embedded == 1
    (tree / "pool.py").write_text(original)
    assert (await app.index(tree)).progress.embedded == 0
    shutil.copytree(tree, tmp_path / "worktree")
    report = await app.index(tmp_path / "worktree", choices=Choices(project="worktree"))
    assert (report.progress.embedded, report.progress.reused) == (0, 5)
    assert len([text for text in state.embedded() if "search_document" in text]) == embedded + 1
    assert await rows(app, await app.find("worktree")) == await rows(app, (await app.resolve(tree)).require_project())
    status = await app.status(project="worktree")
    assert status.as_dict()["vectors"] == {"embedded": 0, "reused": 5}


async def test_a_reindex_embeds_only_what_the_new_model_has_not_seen(
    app: App, server: tuple[str, State], tree: Path
) -> None:
    _, state = server
    await app.index(tree)
    await app.reindex(tree)
    assert len(state.embedded()) == 5
    state.models = {"nomic-embed-text:latest": "f" * 64}
    async with App(app.settings) as later:
        with pytest.raises(EmbedderMismatch, match="is at revision ffff") as failed:
            await later.search("pool", path=tree)
        assert "codebase-core reindex" in (failed.value.hint or "")
        await later.reindex(tree)
        assert len([text for text in state.embedded() if "search_document" in text]) == 10
        assert (await later.search("where are connections pooled", path=tree)).hits[0].path == "pool.py"


async def test_nothing_is_kept_where_the_setting_says_so(served: Mapping[str, str], tree: Path) -> None:
    settings = load_settings(environ={**served, "CODEBASE_CORE_VECTOR_CACHE_MB": "0"})
    async with App(settings) as app:
        await app.index(tree)
        report = await app.index(tree, force=True)
        assert (report.progress.embedded, report.progress.reused) == (5, 0)
    assert not (settings.home / "vectors.sqlite").exists()


async def test_a_server_that_fails_for_a_while_costs_time_one_that_goes_on_stops_the_run(
    app: App, server: tuple[str, State], tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, state = server
    monkeypatch.setattr(sparing, "PIECE", 2)

    def refused(handler) -> None:
        handler.send({"error": "llama runner process has terminated: exit status 2"}, 500)

    state.faults = [refused, refused]
    await app.index(tree)
    assert (await app.search("where are connections pooled", path=tree)).hits[0].path == "pool.py"

    (tree / "late.py").write_text("def late():\n    return 'a text that was not there before'\n")
    before = await rows(app, (await app.resolve(tree)).require_project())
    state.faults = [refused] * 3
    with pytest.raises(EmbedderUnavailable, match="llama runner process has terminated"):
        await app.index(tree)
    assert await rows(app, (await app.resolve(tree)).require_project()) == before
    assert (await app.index(tree)).progress.indexed == 1


async def test_a_server_that_is_down_is_named_by_every_command_that_needs_it(
    app: App, served: Mapping[str, str], tree: Path
) -> None:
    await app.index(tree)
    async with App(load_settings(environ={**served, "OLLAMA_BASE_URL": "http://127.0.0.1:9"})) as cut_off:
        with pytest.raises(EmbedderUnavailable, match="no Ollama server can be reached") as failed:
            await cut_off.search("pool", path=tree)
        assert "ollama serve" in (failed.value.hint or "")
        assert "codebase-core reindex" in (failed.value.hint or "")
        assert (await cut_off.status(tree)).statistics.chunks == 5
