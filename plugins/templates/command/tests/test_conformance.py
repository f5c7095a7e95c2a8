"""The command holds what every command must hold, and the package what every package must."""

from contextlib import asynccontextmanager

import pytest
from click.testing import CliRunner
from codebase_core_acme.command import command
from codebase_core_acme.plugin import codebase_core_commands
from codebase_core_hookspecs import Answer, Hit, PluginContext

from codebase_core.testing import CommandConformance, PackageConformance


class TestCommand(CommandConformance):
    @pytest.fixture
    def plugin(self):
        return codebase_core_commands()[0]


class TestPackage(PackageConformance):
    @pytest.fixture
    def entry_point(self):
        return "acme"


HIT = Hit(
    repository="acme",
    path="pool.py",
    start_line=7,
    end_line=9,
    language="python",
    symbols=(),
    score=1.0,
    state="current",
    text="",
)


class Service:
    """Answers every question in the same way."""

    async def search(self, request, *, roots):
        return Answer(query=request.query, project=None, hits=[HIT][: request.limit])


def test_places_are_printed_a_line_each(tmp_path):
    @asynccontextmanager
    async def service():
        yield Service()

    context = PluginContext(state_dir=tmp_path, service=service)
    shown = CliRunner().invoke(command, ["where are connections pooled", "-C", str(tmp_path)], obj=context)
    assert shown.output == "pool.py:7\n"
