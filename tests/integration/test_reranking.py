"""The reranker that comes along, in whole answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from codebase_core import App, SearchRequest, load_settings
from codebase_core.cli.app import cli

pytestmark = pytest.mark.any_store

REQUEST = SearchRequest("keep a connection that is not needed any more", limit=3)
PATIENT = {"CODEBASE_CORE_RERANKER": "code", "CODEBASE_CORE_RERANK_BUDGET": "60"}


@pytest.fixture
def asked(tree: Path) -> SearchRequest:
    return replace(REQUEST, path=tree)


async def test_a_question_in_words_is_reranked_and_a_name_is_not(
    environ: Mapping[str, str], tree: Path, asked: SearchRequest
) -> None:
    async with App(load_settings(environ={**environ, **PATIENT})) as app:
        await app.index(tree)
        answer = await app.search(asked)
        assert answer.note is None
        assert all("rerank" in hit.stages for hit in answer.hits)
        assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)
        plain = await app.search(replace(asked, without=frozenset({"rerank"})))
        assert not any("rerank" in hit.stages for hit in plain.hits)
        assert not any("rerank" in hit.stages for hit in (await app.search("Pool", path=tree)).hits)


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        ({"CODEBASE_CORE_RERANKER": "code", "CODEBASE_CORE_RERANK_BUDGET": "0"}, "not reranked: the model took longer"),
        ({"CODEBASE_CORE_RERANKER": "code:large"}, "not reranked: the plugin 'code' has no model 'large'"),
        ({"CODEBASE_CORE_RERANKER": "nowhere"}, "not reranked: no reranker is called 'nowhere'"),
        ({"CODEBASE_CORE_RERANKER": "none"}, None),
    ],
)
async def test_without_a_model_the_answer_is_as_without_it_and_says_so(
    environ: Mapping[str, str], tree: Path, asked: SearchRequest, settings: Mapping[str, str], note: str | None
) -> None:
    async with App(load_settings(environ={**environ, **settings})) as app:
        await app.index(tree)
        answer = await app.search(asked)
        plain = await app.search(replace(asked, without=frozenset({"rerank"})))
    assert [hit.path for hit in answer.hits] == [hit.path for hit in plain.hits]
    if note is None:
        assert answer.note is None
    else:
        assert answer.note is not None
        assert answer.note.startswith(note)


def test_the_flag_leaves_the_model_out(environ: Mapping[str, str], tree: Path) -> None:
    runner, environment = CliRunner(), {**environ, **PATIENT}
    assert runner.invoke(cli, ["index", str(tree)], env=environment, catch_exceptions=False).exit_code == 0
    words = ["search", "-C", str(tree), "--json", "--explain", REQUEST.query]
    with_model, without = (
        json.loads(runner.invoke(cli, [*words, *flags], env=environment, catch_exceptions=False).stdout)["hits"]
        for flags in ([], ["--no-rerank"])
    )
    assert all("rerank" in hit["explain"] for hit in with_model)
    assert not any("rerank" in hit["explain"] for hit in without)
