"""An Ollama server: what is asked of it, and every way in which it can fail."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from codebase_core_hookspecs import EmbedderUnavailable, PluginContext
from codebase_core_ollama.plugin import OPTIONS, codebase_core_embedders, open_embedder

from codebase_core.testing import EmbedderConformance
from tests.ollama_server import DIGEST, State, serving

if TYPE_CHECKING:
    from codebase_core_ollama.embedder import OllamaEmbedder


@pytest.fixture
def ollama() -> Iterator[tuple[str, State]]:
    with serving() as found:
        yield found


class TestConformance(EmbedderConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_embedders()[0]

    @pytest.fixture
    def options(self, ollama):
        return {"base_url": ollama[0]}


@asynccontextmanager
async def opened(url: str, model: str | None = None, **options: object) -> AsyncIterator[OllamaEmbedder]:
    chosen = {option.name: option.default for option in OPTIONS} | {"base_url": url} | options
    embedder = await open_embedder(PluginContext(options=chosen, state_dir=Path()), model)
    try:
        yield embedder
    finally:
        await embedder.aclose()


async def test_what_is_asked_is_the_documented_protocol(ollama) -> None:
    url, state = ollama
    async with opened(url, keep_alive="30m", num_ctx=4096, batch_size=2) as embedder:
        assert (embedder.identity.plugin, embedder.identity.model) == ("ollama", "nomic-embed-text")
        assert embedder.identity.revision.startswith(DIGEST)
        assert embedder.identity.dimensions == 768
        await embedder.embed_documents(["a", "b b", "", "c c c"])
        await embedder.embed_query("a pool")
    asked = [(path, body) for path, body in state.requests if path == "/api/embed"]
    common = {"model": "nomic-embed-text", "truncate": True, "options": {"num_ctx": 4096}, "keep_alive": "30m"}
    assert asked == [
        ("/api/embed", common | {"input": ["search_document: a", "search_document: b b"]}),
        ("/api/embed", common | {"input": ["search_document: c c c"]}),
        ("/api/embed", common | {"input": ["search_query: a pool"]}),
    ]
    assert ("/api/show", {"model": "nomic-embed-text"}) in state.requests


@pytest.mark.parametrize(
    ("model", "document", "query"),
    [
        ("nomic-embed-text:v1.5", "search_document: x", "search_query: x"),
        ("mxbai-embed-large", "x", "Represent this sentence for searching relevant passages: x"),
        ("library/all-minilm:33m", "x", "x"),
    ],
)
async def test_prefixes_are_those_that_the_model_was_trained_with(ollama, model, document, query) -> None:
    url, state = ollama
    state.models = {model if ":" in model else f"{model}:latest": DIGEST}
    async with opened(url, model) as embedder:
        await embedder.embed_documents(["x"])
        await embedder.embed_query("x")
        assert embedder.identity.revision == DIGEST
    assert state.embedded() == [document, query]


async def test_the_tag_that_is_meant_anyway_makes_no_other_model(ollama) -> None:
    url, _ = ollama
    async with opened(url) as short, opened(url, "nomic-embed-text:latest") as long:
        assert short.identity == long.identity


async def test_options_that_change_vectors_change_the_revision(ollama) -> None:
    url, state = ollama
    async with (
        opened(url) as plain,
        opened(url, document_prefix="code: ") as other,
        opened(url, num_ctx=512) as short,
        opened(url, batch_size=1, keep_alive="1h", timeout=3.0) as same,
    ):
        revisions = [each.identity.revision for each in (plain, other, short, same)]
        assert len(set(revisions)) == 3
        assert revisions[0] == revisions[3]
        await other.embed_documents(["x"])
    assert state.embedded() == ["code: x"]


async def test_a_model_that_does_not_say_its_length_is_asked_for_a_vector(ollama) -> None:
    url, state = ollama
    state.says_length, state.dimensions = False, 384
    async with opened(url) as embedder:
        assert embedder.identity.dimensions == 384


async def test_requests_at_a_time_are_bounded(ollama) -> None:
    url, state = ollama
    async with opened(url, batch_size=1, concurrency=3) as embedder:
        state.slow = threading.Event()
        threading.Timer(0.5, state.slow.set).start()
        await embedder.embed_documents([f"text {n}" for n in range(30)])
    assert state.most == 3


async def test_several_servers_share_the_work_if_they_have_the_same_model(ollama) -> None:
    url, _ = ollama
    with serving() as (second, other):
        texts = [f"text number {n}" for n in range(40)]
        async with opened(url) as alone, opened(f"{url}, {second}", batch_size=5) as both:
            assert np.allclose(await alone.embed_documents(texts), await both.embed_documents(texts))
        assert len(other.embedded()) == 20
        other.models = {"nomic-embed-text:latest": "f" * 64}
        with pytest.raises(EmbedderUnavailable, match="different models of the name 'nomic-embed-text'") as failed:
            async with opened(f"{url},{second}"):
                pass
        assert failed.value.hint == "ollama pull nomic-embed-text on both"


async def test_a_model_that_is_not_there_says_how_to_get_it(ollama) -> None:
    url, state = ollama
    with pytest.raises(EmbedderUnavailable, match="has no model 'bge-m3'") as failed:
        async with opened(url, "bge-m3"):
            pass
    assert failed.value.hint == "ollama pull bge-m3"
    async with opened(url) as embedder:
        state.models = {}
        with pytest.raises(EmbedderUnavailable, match="has no model") as failed:
            await embedder.embed_query("x")
    assert failed.value.hint == "ollama pull nomic-embed-text"


async def test_a_server_that_is_absent_says_how_to_start_it() -> None:
    with pytest.raises(EmbedderUnavailable, match=r"no Ollama server can be reached at 127\.0\.0\.1:9") as failed:
        async with opened("http://127.0.0.1:9"):
            pass
    assert "ollama serve" in (failed.value.hint or "")


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:port", " , "])
async def test_an_address_that_is_none_names_the_setting(url) -> None:
    with pytest.raises(EmbedderUnavailable) as failed:
        async with opened(url):
            pass
    assert "OLLAMA_BASE_URL" in (failed.value.hint or "")


async def test_a_server_that_never_answers_is_given_up(ollama, monkeypatch) -> None:
    async def silent(reader, writer):
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    monkeypatch.setattr("codebase_core_ollama.endpoint.ASK_SECONDS", 0.2)
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        with pytest.raises(EmbedderUnavailable, match=r"did not answer within 0\.2 s"):
            async with opened(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"):
                pass
    url, state = ollama
    async with opened(url, timeout=0.2) as embedder:
        state.slow = threading.Event()
        with pytest.raises(EmbedderUnavailable, match=r"did not answer within 0\.2 s") as failed:
            await embedder.embed_query("x")
        assert "CODEBASE_CORE_OLLAMA_TIMEOUT" in (failed.value.hint or "")


def _vectors(*rows: object):
    def answer(handler):
        handler.send({"model": "nomic-embed-text", "embeddings": list(rows)})

    return answer


def _text(text: str, status: int = 200):
    return lambda handler: handler.send(text, status)


def _half(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"model":"nomic-embed-text","embeddings":[[0.1,')
    handler.wfile.flush()
    handler.connection.close()
    handler.close_connection = True


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_text('{"error":"llama runner process has terminated"}', 500), "refused .HTTP 500.: llama runner process"),
        (_text("<html>Bad gateway</html>", 502), "refused .HTTP 502."),
        (_text('{"error":"embedding contains NaN or Inf values"}', 400), "embedding contains NaN or Inf"),
        (_half, "broke off"),
        (_text('{"model":"nomic-embed-text","embed'), "no answer of Ollama"),
        (_text('{"model":"nomic-embed-text"}'), "no answer of Ollama"),
        (_text("null"), "no answer of Ollama"),
        (_vectors([1.0] * 768), "returned 1 vectors for 2 texts"),
        (_vectors([1.0] * 768, [1.0] * 767), "of unequal lengths"),
        (_vectors([1.0] * 384, [1.0] * 384), "vectors of 384 values where 768 were due"),
        (_vectors([1.0] * 768, [float("nan")] * 768), "not finite"),
        (_vectors([1.0] * 768, [None] * 768), "no answer of Ollama"),
        (_vectors([], []), "vectors of 0 values"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_an_answer_that_is_wrong_is_an_error_and_never_a_part(ollama, fault, said) -> None:
    url, state = ollama
    async with opened(url) as embedder:
        state.faults = [fault]
        with pytest.raises(EmbedderUnavailable, match=said) as failed:
            await embedder.embed_documents(["one", "two"])
        assert failed.value.hint
        assert (await embedder.embed_documents(["one", "two"])).any(axis=1).all()


async def test_one_of_many_batches_that_fails_fails_all(ollama) -> None:
    url, state = ollama
    async with opened(url, batch_size=1) as embedder:
        state.faults = [lambda handler: handler._embed(_body("a")), _text('{"error":"out of memory"}', 500)]
        with pytest.raises(EmbedderUnavailable, match="out of memory"):
            await embedder.embed_documents([f"text {n}" for n in range(20)])


def _body(text: str) -> dict:
    return json.loads(json.dumps({"model": "nomic-embed-text", "input": [text]}))


async def test_a_vector_of_zeros_means_nothing_to_say(ollama) -> None:
    url, state = ollama
    async with opened(url) as embedder:
        state.faults = [_vectors([0.0] * 768, [2.0] * 768)]
        rows = await embedder.embed_documents(["a", "b", " \n"])
    assert [round(float(length), 3) for length in np.linalg.norm(rows, axis=1)] == [0, 1, 0]


@pytest.mark.parametrize("stubborn", [False, True])
async def test_a_text_that_is_too_long_is_cut_by_the_server_or_here(ollama, stubborn) -> None:
    url, state = ollama
    state.context, state.stubborn = 40, stubborn
    async with opened(url, batch_size=3) as embedder:
        rows = await embedder.embed_documents(["short", "word " * 500, "other"])
        assert np.allclose(rows[0], (await embedder.embed_documents(["short"]))[0])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)


async def test_a_text_that_is_too_long_is_an_error_where_nothing_may_be_cut(ollama) -> None:
    url, state = ollama
    state.context = 40
    async with opened(url, truncate=False) as embedder:
        with pytest.raises(EmbedderUnavailable, match="exceeds the context length") as failed:
            await embedder.embed_documents(["word " * 500])
    assert "truncate" in (failed.value.hint or "")


async def test_a_model_that_is_replaced_while_it_is_used_is_noticed(ollama, monkeypatch) -> None:
    url, state = ollama
    async with opened(url) as embedder:
        state.models = {"nomic-embed-text:latest": "f" * 64}
        with pytest.raises(EmbedderUnavailable, match="was replaced meanwhile") as failed:
            await embedder.embed_documents(["x"])
        assert "codebase-core reindex" in (failed.value.hint or "")
        await embedder.embed_query("x")
        monkeypatch.setattr("codebase_core_ollama.embedder._LOOK_SECONDS", 0.0)
        with pytest.raises(EmbedderUnavailable, match="was replaced meanwhile"):
            await embedder.embed_query("x")


async def test_a_password_in_the_address_is_in_no_message() -> None:
    with pytest.raises(EmbedderUnavailable) as failed:
        async with opened("http://user:geheim@127.0.0.1:9/"):
            pass
    assert "geheim" not in f"{failed.value} {failed.value.hint}"
