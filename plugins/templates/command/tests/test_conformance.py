"""The command holds what every command must hold, and the package what every package must."""

from contextlib import asynccontextmanager

import pytest
from click.testing import CliRunner
from codebase_core_acme.command import command
from codebase_core_acme.plugin import codebase_core_commands
from codebase_core_hookspecs import PluginContext

from codebase_core.testing import CommandConformance, PackageConformance


class TestCommand(CommandConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_commands()[0]


class TestPackage(PackageConformance):
    @pytest.fixture
    def entry_point(self):
        return "acme"


class Engine:
    """Answers every question in the same way."""

    async def search(self, query, *, workspace, limit, filters):
        return {"hits": [{"path": "pool.py", "start_line": 7}][:limit]}


def test_places_are_printed_a_line_each(tmp_path):
    @asynccontextmanager
    async def application():
        yield Engine()

    context = PluginContext(state_dir=tmp_path, application=application)
    shown = CliRunner().invoke(command, ["where are connections pooled", "-C", str(tmp_path)], obj=context)
    assert shown.output == "pool.py:7\n"
