"""Wrong packages: what a module declares, and what it does on the way."""

from __future__ import annotations

import sys
from functools import partial

import pytest

from codebase_core.testing import PackageConformance
from tests.site import Site

from . import caught_by

GOOD = """
from codebase_core_hookspecs import *

def chunk(source, options):
    return None

@hookimpl
def codebase_core_chunkers():
    return [ChunkerPlugin(name="fake", summary="Fake chunks", chunk=chunk, languages=frozenset({"python"}), version="1")]
"""


class Suite(PackageConformance):
    """The kit over a small package."""

    @pytest.fixture
    def wrong(self):
        return GOOD

    @pytest.fixture
    def entry_point(self, wrong, tmp_path, monkeypatch):
        folder = tmp_path / "site"
        folder.mkdir()
        site = Site(folder)
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.setenv("PYTHONPATH", str(folder))
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        site.add("neighbour", GOOD.replace('name="fake"', 'name="neighbour"'))
        site.module("fakepackage", wrong)
        site.info(
            "fakepackage", "[codebase_core]\nfakepackage = fakepackage\n", metadata="metadata is lost" not in wrong
        )
        yield "fakepackage"
        for name in site.modules:
            sys.modules.pop(name, None)


caught = partial(caught_by, Suite)


def declares(text):
    """Return the good package with something else in place of its summary, and what follows."""
    return GOOD.replace('summary="Fake chunks"', text)


def command(options):
    return (
        GOOD
        + f"""
@hookimpl
def codebase_core_commands():
    return [CommandPlugin(name="fakecommand", summary="x", target="a:b", section="fake", options=({options},))]
"""
    )


caught("test_it_is_active")(GOOD.replace('name="fake"', 'name="lines"'))
caught("test_it_is_active")(GOOD + "\nimport a_module_that_does_not_exist\n")
caught("test_its_distribution_is_known")(GOOD + "# metadata is lost\n")
caught("test_everything_it_declares_says_what_it_is")(declares('summary=""'))
caught("test_everything_it_declares_says_what_it_is")("")
caught("test_its_options_can_be_set_and_understood")(command("Option(name='a', summary='')"))
caught("test_its_options_can_be_set_and_understood")(command("Option(name='a', summary='x', type=int, default='1')"))
caught("test_its_options_can_be_set_and_understood")(command("Option(name='a', summary='x', env=('acme-url',))"))
caught("test_its_options_can_be_set_and_understood")(
    command("Option(name='a', summary='x', default='pw', secret=True)")
)
caught("test_an_option_means_one_thing_in_a_section")(
    declares('summary="x", options=(Option(name="a", summary="x", default="1"),)')
    + command("Option(name='a', summary='x')").removeprefix(GOOD)
)
caught("test_no_section_of_another_plugin_is_taken")(
    declares('summary="x", section="postgres", options=(Option(name="a", summary="x"),)')
)
caught("test_loading_imports_nothing_heavy")("import numpy\n" + GOOD)
caught("test_loading_imports_no_engine")("import codebase_core.config.settings\n" + GOOD)
caught("test_loading_takes_no_time")("sum(range(20_000_000))\n" + GOOD)
caught("test_loading_touches_nothing")("import tempfile; open(tempfile.mktemp(), 'w').close()\n" + GOOD)
caught("test_loading_touches_nothing")(
    "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9))\nexcept OSError:\n    pass\n" + GOOD
)
caught("test_loading_prints_nothing")(GOOD + "\nprint('hello')\n")
caught("test_hooks_declare_the_same_every_time")(
    GOOD.replace('name="fake"', "name=f\"fake{__import__('uuid').uuid4().hex}\"")
)
caught("test_names_are_unique")(GOOD.replace('name="fake"', 'name="neighbour"'))
