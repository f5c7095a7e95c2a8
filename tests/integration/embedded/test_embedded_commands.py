"""``codebase-core server``: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from codebase_core_hookspecs import PluginContext
from codebase_core_postgres.embedded import EmbeddedServer
from codebase_core_postgres.embedded.commands import server as group

from .conftest import Place, query


class Commands:
    """The group as core calls it, for one state folder; root's server lies where it does in earnest."""

    def __init__(self, context: PluginContext) -> None:
        self._context = context

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(group, words, obj=self._context, catch_exceptions=False)


@pytest.fixture
def commands(place: Place) -> Iterator[Commands]:
    server = EmbeddedServer(place.state)
    area = server.status().data_dir.parent
    try:
        yield Commands(PluginContext(state_dir=place.state))
    finally:
        server.stop()
        shutil.rmtree(area, ignore_errors=True)
        if os.geteuid() == 0 and area.parent.exists() and not list(area.parent.iterdir()):
            area.parent.rmdir()


def status_of(commands: Commands) -> dict[str, Any]:
    shown = commands("status", "--json")
    assert shown.exit_code == 0
    return json.loads(shown.stdout)


def test_start_prints_a_url_that_works(commands: Commands, place: Place) -> None:
    started = commands("start")
    assert started.exit_code == 0
    assert "is running" in started.stderr
    endpoint = EmbeddedServer(place.state).ensure_running()
    assert started.stdout == f"{endpoint.url()}\n"
    assert query(endpoint, "select 1") == 1
    assert commands("start").stdout == started.stdout


def test_stop_says_what_it_did(commands: Commands) -> None:
    assert commands("stop").stderr == "it was not running\n"
    commands("start")
    stopped = commands("stop")
    assert (stopped.exit_code, stopped.stdout, stopped.stderr) == (0, "", "stopped\n")
    assert not status_of(commands)["running"]


def test_remove_deletes_what_the_server_keeps_once_it_may(commands: Commands, place: Place) -> None:
    area = EmbeddedServer(place.state).status().data_dir.parent
    assert commands("remove", "--yes").stderr == "there was nothing to delete\n"
    commands("start")
    assert commands("remove").exit_code == 1, "nobody said yes"
    assert status_of(commands)["running"]
    removed = commands("remove", "--yes")
    assert (removed.exit_code, removed.stdout, removed.stderr) == (0, "", f"deleted {area}\n")
    assert not list(area.parent.glob(f"{area.name}*"))
    assert query(EmbeddedServer(place.state).ensure_running(), "select 1") == 1, "the next one begins anew"


def test_status_as_json(commands: Commands) -> None:
    before = status_of(commands)
    assert not before["running"]
    assert before["pid"] is before["socket"] is before["started_at"] is None
    commands("start")
    after = status_of(commands)
    assert after["running"]
    assert after["pid"] > 1
    assert after["started_at"].endswith("+00:00")
    assert 0 <= after["uptime"] < 60
    assert set(before) == set(after)


def test_status_for_people(commands: Commands) -> None:
    commands("start")
    lines = commands("status").stdout.splitlines()
    assert lines[0].split() == ["running", "yes"]
    assert any(line.startswith("data dir") and "postgres-18" in line for line in lines)


def test_logs_prints_the_last_lines(commands: Commands) -> None:
    commands("start")
    everything = commands("logs").stdout
    assert "starting PostgreSQL" in everything
    assert commands("logs", "-n", "1").stdout == everything.splitlines(keepends=True)[-1]
    assert commands("logs", "-n", "0").exit_code == 2


def test_logs_before_the_first_start(commands: Commands) -> None:
    assert commands("logs").stdout == "\n"
