"""Packages of somebody else that break in every way: searches go on, and it is said who is at fault."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.site import Site

from .conftest import User

PRELUDE = "from codebase_core_hookspecs import *\n"
BROKEN = {
    "raises-on-import": "import a_module_that_does_not_exist",
    "raises-in-a-hook": PRELUDE + "@hookimpl\ndef codebase_core_resolvers():\n    raise OSError('no network')\n",
    "exits": "raise SystemExit(3)",
    "prints": "print('hello')\n"
    + PRELUDE
    + "@hookimpl\ndef codebase_core_stores():\n    print('and again')\n    return []\n",
    "takes-a-name": PRELUDE + "@hookimpl\ndef codebase_core_embedders():\n"
    "    return [EmbedderPlugin(name='static', summary='mine', open=print)]\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    return Site(folder)


def test_searches_go_on_and_the_list_names_the_broken(user: User, site: Site) -> None:
    for name, source in BROKEN.items():
        site.add(name, source, version="7.1")
    user = replace(user, extra={"PYTHONPATH": str(site.folder)})
    assert user.run("index").code == 0
    found = user.run("search", "--json", "where are connections pooled")
    assert (found.code, found.json["hits"][0]["path"]) == (0, "pool.py")
    listed = {each["distribution"]: each for each in json.loads(user.run("plugins", "list", "--json").out)}
    assert {name: listed[name]["status"] for name in BROKEN} == {
        "raises-on-import": "failed",
        "raises-in-a-hook": "failed",
        "exits": "failed",
        "prints": "active",
        "takes-a-name": "shadowed",
    }
    assert all(listed[name]["version"] == "7.1" for name in BROKEN)
    assert "no network" in listed["raises-in-a-hook"]["error"]


def test_one_that_hangs_is_left_out(user: User, site: Site) -> None:
    site.add("hangs", "import time\ntime.sleep(1_000)")
    user = replace(user, extra={"PYTHONPATH": str(site.folder)})
    assert user.run("--no-plugins", "index").code == 0
    for chosen in (user, replace(user, extra={**user.extra, "CODEBASE_CORE_DISABLE_PLUGINS": "hangs"})):
        flag = ["--no-plugins"] if chosen is user else []
        found = chosen.run(*flag, "search", "--json", "where are connections pooled")
        assert (found.code, found.json["hits"][0]["path"]) == (0, "pool.py")
    assert "hangs" not in user.run("--no-plugins", "plugins", "list").out


RESOLVER = (
    PRELUDE
    + """
class Broken:
    async def resolve(self, request):
        return {}["project"]

    async def aclose(self):
        pass

async def opened(context):
    FAULT
    return Broken()

@hookimpl
def codebase_core_resolvers():
    return [ResolverPlugin(name="acme", summary="x", open=opened, tier=400)]
"""
)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("pass", "resolver 'acme' failed: KeyError: 'project'"),
        ("raise RuntimeError('no')", "plugin 'acme' failed to open: RuntimeError: no"),
        ("raise SystemExit(3)", "plugin 'acme' failed to open: SystemExit: 3"),
    ],
)
def test_a_resolver_that_fails_is_named_and_can_be_left_out(user: User, site: Site, fault: str, said: str) -> None:
    assert user.run("index").code == 0
    site.add("acme", RESOLVER.replace("FAULT", fault))
    broken = replace(user, cwd=site.folder, extra={"PYTHONPATH": str(site.folder)})
    found = broken.run("search", "pool")
    assert found.code == 1
    assert said in found.err
    assert "--no-plugins" in found.err
    assert "Traceback" not in found.err
    shop = replace(broken, cwd=user.cwd)
    assert shop.run("--no-plugins", "search", "pool").code == 0
