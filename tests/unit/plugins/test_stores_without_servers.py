"""A store that needs no server: its projects name none, and no command reaches for the PostgreSQL that others would use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

STORE = """
from codebase_core_hookspecs import Binding, Store, StorePlugin, hookimpl

class Files(Store):
    def plan(self, project, name, *, server, attempt=0):
        assert server == ""
        return Binding(store="files", server=server, location={"file": f"{name}-{attempt}"})

    async def provision(self, binding, manifest):
        pass

    async def verify(self, server, projects):
        assert server == ""
        return []

async def open_store(context):
    return Files()

@hookimpl
def codebase_core_stores():
    return [StorePlugin(name="files", summary="Files", open=open_store, servers=False)]
"""
CHOICE = {"CODEBASE_CORE_STORE": "files", "CODEBASE_CORE_REGISTRY": "json"}


@pytest.fixture
def files(site):
    site.add("files", STORE)
    (site.folder / "repository").mkdir()
    return site


def test_its_projects_are_bound_to_no_server(files):
    done = files.command("init", str(files.folder / "repository"), "--json", environ=CHOICE)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["place"] == {"store": "files", "server": "", "file": "repository-0"}


def test_a_server_for_it_is_an_error(files):
    done = files.command("init", str(files.folder / "repository"), "--server", "embedded", environ=CHOICE)

    assert done.returncode == 1
    assert "store 'files' keeps its projects on no server" in done.stderr
    assert "leave --server out" in done.stderr


@pytest.mark.parametrize("command", [("projects", "verify"), ("doctor",), ("projects", "list")])
def test_no_command_starts_postgresql(files, command):
    assert files.command("init", str(files.folder / "repository"), environ=CHOICE).returncode == 0

    done = files.command(*command, environ=CHOICE)

    assert done.returncode == 0, done.stdout + done.stderr
    server = json.loads(files.command("server", "status", "--json").stdout)
    assert not Path(server["data_dir"]).exists()
