"""``embedders list`` and ``embedders check``: what can be used, why not, and what one does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from codebase_core.cli.app import cli
from tests.ollama_server import State, serving


@pytest.fixture
def server() -> Iterator[tuple[str, State]]:
    with serving() as found:
        yield found


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CODEBASE_CORE_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")

    def invoke(*arguments: str):
        return CliRunner().invoke(cli, ["embedders", *arguments])

    return invoke


def test_list_says_what_is_available_and_why_another_is_not(run, server, monkeypatch) -> None:
    answer = run("list")
    assert answer.exit_code == 0, answer.output
    lines = {line.split()[0]: line for line in answer.stdout.splitlines()}
    assert lines["static"].split()[2:] == ["256", "embedded", "anew", "available"]
    assert "no Ollama server can be reached at 127.0.0.1:9" in lines["ollama"]
    assert "ollama: start it (ollama serve)" in answer.stderr
    monkeypatch.setenv("OLLAMA_BASE_URL", server[0])
    found = {each["name"]: each for each in json.loads(run("list", "--json").stdout)}
    assert found["ollama"]["available"]
    assert found["ollama"]["identity"]["dimensions"] == 768
    assert not server[1].embedded()


def test_list_fetches_nothing_from_the_hub(run, monkeypatch) -> None:
    pytest.importorskip("huggingface_hub")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: sys)
    found = {each["name"]: each for each in json.loads(run("list", "--json").stdout)}
    assert found["sentence-transformers"]["problem"] == (
        "model 'sentence-transformers/all-MiniLM-L6-v2' is not on this machine"
    )


def test_check_embeds_and_times(run, server, monkeypatch) -> None:
    monkeypatch.setattr("codebase_core.operations.try_embedders._LEAST_SECONDS", 0.01)
    answer = run("check")
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("static:")
    assert "no text was cut" in answer.stdout
    url, state = server
    state.context = 301
    monkeypatch.setenv("OLLAMA_BASE_URL", url)
    found = json.loads(run("check", "ollama", "--json").stdout)
    assert found["identity"]["model"] == "nomic-embed-text"
    assert found["reads_words"] == 300  # and the prefix
    assert found["texts"] >= 16
    assert found["texts_per_second"] > 0
    failed = run("check", "ollama:bge-m3")
    assert failed.exit_code == 1
    assert failed.exception.hint == "ollama pull bge-m3"
