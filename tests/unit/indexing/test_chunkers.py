"""What a plugin's chunker brings along: a language of its own by the names of its files, and options that reach it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from codebase_core_hookspecs import ChunkerPlugin, Option

from codebase_core.config.settings import load_settings
from codebase_core.indexing.chunkers import extensions_of, options_of
from codebase_core.indexing.pipelines import Pipelines
from codebase_core.sources.languages import language_of

RPG = ChunkerPlugin(
    name="rpg",
    summary="RPG",
    chunk=print,
    languages=frozenset({"rpg"}),
    version="3",
    extensions={".RPGLE": "rpg", "py": "rpg"},
    options=(Option(name="columns", summary="Width of a line.", type=int, default=72),),
)


def test_a_language_that_core_does_not_know_is_known_by_the_extension():
    extensions = extensions_of([RPG, replace(RPG, extensions={"rpgle": "other"})])

    assert language_of("PAYROLL.RPGLE", extensions=extensions) == "rpg"
    assert language_of("payroll.py", extensions=extensions) == "python"
    assert language_of("payroll.rpgle") is None


def test_its_files_are_in_its_pipeline():
    assert Pipelines([RPG]).of("payroll.rpgle").startswith("rpg/3 ")
    assert "rpg" not in Pipelines([RPG]).of("payroll.py")


@pytest.mark.parametrize(("environ", "columns"), [({}, 72), ({"CODEBASE_CORE_RPG_COLUMNS": "80"}, 80)])
def test_its_options_are_resolved(environ, columns, tmp_path):
    settings = load_settings(environ={"CODEBASE_CORE_HOME": str(tmp_path), **environ})

    assert options_of([RPG], settings) == {"rpg": {"columns": columns}}


def test_another_option_is_another_pipeline():
    """Else files that were cut with the old one would stay as they are."""
    default, other = ({"rpg": {"columns": columns}} for columns in (72, 80))

    assert Pipelines([RPG], default).of("a.rpgle") == Pipelines([RPG]).of("a.rpgle")
    assert Pipelines([RPG], other).of("a.rpgle") != Pipelines([RPG]).of("a.rpgle")
