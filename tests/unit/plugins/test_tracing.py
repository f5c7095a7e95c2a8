"""CODEBASE_CORE_TRACE_HOOKS=1 says what is called and opened, on stderr, without secrets."""

from __future__ import annotations

import json

import pytest

RESOLVER = """
from codebase_core_hookspecs import Option, ResolverPlugin, hookimpl

class Nowhere:
    async def resolve(self, request):
        return None

    async def aclose(self):
        pass

async def opened(context):
    return Nowhere()

@hookimpl
def codebase_core_resolvers():
    token = Option(name="token", summary="Secret.", secret=True, env=("ACME_TOKEN",))
    url = Option(name="url", summary="Where.", default="http://acme")
    return [ResolverPlugin(name="acme", summary="x", open=opened, tier=400, options=(token, url))]
"""
WHICH = ("projects", "which", "--explain", "--json")


@pytest.fixture
def run(site):
    def run(**environ):
        return site.command(*WHICH, environ={"CODEBASE_CORE_REGISTRY": "json", "ACME_TOKEN": "hunter2", **environ})

    return run


def test_hooks_and_what_is_opened_are_traced(site, run):
    site.add("acme", RESOLVER, version="1.2")
    site.add("broken", "import a_module_that_does_not_exist")

    done = run(CODEBASE_CORE_TRACE_HOOKS="1")

    assert "trace: acme import acme: acme 1.2 (" in done.stderr
    assert "trace: acme codebase_core_resolvers: resolver acme (" in done.stderr
    assert "trace: acme open resolver: token=****, url=http://acme (" in done.stderr
    assert "trace: broken import broken: failed: ModuleNotFoundError" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    json.loads(done.stdout)


def test_nothing_is_traced_unless_it_is_wanted(site, run):
    site.add("acme", RESOLVER)

    assert "trace:" not in run().stderr
