"""Answers as they are printed: for people, for editors, for programs."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner
from codebase_core_hookspecs import Answer, Hit

from codebase_core.cli.answers import print_answer
from codebase_core.cli.app import cli

ODD = "a = 1\u0085\u2028\u2029\n"


def answer(text: str) -> Answer:
    end = text.count("\n") + (not text.endswith("\n"))
    hit = Hit(
        repository="r",
        path="pool.py",
        start_line=1,
        end_line=end,
        language="python",
        symbols=(),
        score=0.5,
        state="current",
        text=text,
        stages={"dense": 0.25, "lexical": 7.0},
    )
    return Answer(query="acquire", project=None, hits=[hit], timings={"total": 1.0})


def printed(text: str, *, output_format: str = "text", explain: bool = False, line: bool = False) -> str:
    @click.command()
    def command() -> None:
        print_answer(answer(text), output_format=output_format, explain=explain, full=False, line=line)

    return CliRunner().invoke(command, catch_exceptions=False).stdout


@pytest.mark.parametrize(("output_format", "line"), [("json", False), ("json", True), ("jsonl", False)])
def test_a_line_of_json_is_one_line_for_every_reader(output_format, line):
    shown = printed(ODD, output_format=output_format, line=line)

    assert len(shown.splitlines()) == 1
    read = json.loads(shown)
    assert (read["hits"][0] if "hits" in read else read)["text"] == ODD


def test_stages_are_not_written_as_a_sum():
    assert "score 0.500 from dense 0.250  lexical 7.000" in printed("x = 1\n", explain=True)


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_it_is_not_wanted(monkeypatch, environ):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    context = cli.make_context("codebase-core", ["config", "show"])
    with context:
        cli.callback.__wrapped__(context, verbose=False, debug=False, no_plugins=False)
    assert context.color is False
