"""Hostile packages as a user meets them: every command goes on working, and ``plugins`` says what happened."""

from __future__ import annotations

import json

import pytest

PRELUDE = "from codebase_core_hookspecs import *\n"


@pytest.fixture
def hostile(site):
    """Return a folder with one distribution for every way to be hostile that was thought of."""
    site.add("bad-import", "import a_module_that_does_not_exist")
    site.add("bad-hook", PRELUDE + "@hookimpl\ndef codebase_core_storez(): return []\n")
    site.add("bad-signature", PRELUDE + "@hookimpl\ndef codebase_core_stores(path): return []\n")
    site.add("bad-async", PRELUDE + "@hookimpl\nasync def codebase_core_stores(): return []\n")
    site.add("thief", PRELUDE, entry="static")
    site.add("deadly", "import os; os._exit(9)")
    site.add(
        "taker",
        PRELUDE + "@hookimpl\ndef codebase_core_embedders():\n"
        "    return [EmbedderPlugin(name='static', summary='mine', open=print)]\n",
    )
    site.add("quitter", "print('bye'); raise SystemExit(3)")
    site.add(
        "command-taker",
        PRELUDE + "@hookimpl\ndef codebase_core_commands():\n"
        "    return [CommandPlugin(name='search', summary='Never shown', target='a:b'),\n"
        "            CommandPlugin(name='draw', summary='Draw a graph', target='a:b')]\n",
    )
    return site


DISABLED = {"CODEBASE_CORE_DISABLE_PLUGINS": "deadly"}


def test_plugins_list_shows_what_became_of_each(hostile):
    done = hostile.command("plugins", "list", "--json", environ=DISABLED)

    assert done.returncode == 0, done.stderr
    shown = {each["distribution"]: each for each in json.loads(done.stdout)}
    assert {name: shown[name]["status"] for name in shown if name != "codebase-core"} == {
        "bad-import": "failed",
        "bad-hook": "failed",
        "bad-signature": "failed",
        "bad-async": "failed",
        "thief": "shadowed",
        "deadly": "disabled",
        "taker": "shadowed",
        "quitter": "failed",
        "command-taker": "active",
    }
    assert "a_module_that_does_not_exist" in shown["bad-import"]["error"]
    assert "codebase_core_storez" in shown["bad-hook"]["error"]
    assert shown["taker"]["shadowed"] == [{"kind": "embedder", "name": "static"}]
    assert shown["quitter"]["version"] == "1.0"
    assert shown["codebase-core"]["status"] == "active"


def test_plugins_list_for_people_names_the_faults_on_stderr(hostile):
    done = hostile.command("plugins", "list", environ=DISABLED)

    assert done.returncode == 0
    assert "bad-import" in done.stdout
    assert "a_module_that_does_not_exist" not in done.stdout
    assert "bad-import (bad-import): ModuleNotFoundError" in done.stderr


def test_plugins_show_tells_of_one(hostile):
    done = hostile.command("plugins", "show", "bad-async", "--json", environ=DISABLED)

    (shown,) = json.loads(done.stdout)
    assert shown["status"] == "failed"
    assert "coroutine" in shown["error"]


def test_plugins_show_lists_the_names_when_it_knows_none_such(hostile):
    done = hostile.command("plugins", "show", "bad-asink", environ=DISABLED)

    assert done.returncode == 1
    assert "error: no plugin is called 'bad-asink'" in done.stderr
    assert "did you mean 'bad-async'" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_works_among_hostile_plugins(hostile):
    done = hostile.command("--help", environ=DISABLED)

    assert done.returncode == 0, done.stderr
    assert "Bring the index of a folder up to date." in done.stdout
    assert "Draw a graph" in done.stdout
    assert "Never shown" not in done.stdout
    assert "bye" not in done.stdout


@pytest.mark.parametrize("names", ["['deadly', 'command-taker']", "'command-taker, deadly'"])
def test_a_plugin_that_the_file_of_settings_disables_is_not_imported_by_help(hostile, tmp_path, names):
    (tmp_path / "config.toml").write_text(f"disable_plugins = {names}\n")
    environ = {"CODEBASE_CORE_CONFIG": str(tmp_path / "config.toml")}

    done = hostile.command("--help", environ=environ)
    assert done.returncode == 0, done.stderr
    assert "Draw a graph" not in done.stdout

    done = hostile.command("draw", environ=environ)
    assert done.returncode == 2
    assert "No such command 'draw'" in done.stderr


def test_help_works_with_settings_that_cannot_be_read(hostile, tmp_path):
    (tmp_path / "config.toml").write_text("disable_plugins = 7\n")
    environ = {"CODEBASE_CORE_CONFIG": str(tmp_path / "config.toml")}

    done = hostile.command("--help", environ=environ)
    assert done.returncode == 0, done.stderr
    assert "Bring the index of a folder up to date." in done.stdout
    assert "disable_plugins must be a list of texts" in " ".join(done.stdout.split())  # wherever it is wrapped

    done = hostile.command("draw", environ=environ)
    assert "error: " in done.stderr
    assert "disable_plugins must be a list of texts" in done.stderr


def test_help_of_a_command_needs_no_plugin(hostile):
    done = hostile.command("search", "--help")

    assert done.returncode == 0, done.stderr
    assert "Ask a question in words" in done.stdout
    assert done.stderr == ""


def test_no_plugins_always_works(hostile):
    done = hostile.command("--no-plugins", "plugins", "list", "--json")

    assert done.returncode == 0, done.stderr
    assert {each["distribution"] for each in json.loads(done.stdout)} == {"codebase-core"}
