"""A third-party package that breaks the contract is listed with its fault, and costs nobody else anything."""

from __future__ import annotations

import pytest

from codebase_core.plugins.manager import PluginManager

GOOD = """
from codebase_core_hookspecs import ChunkerPlugin, hookimpl

@hookimpl
def codebase_core_chunkers():
    return [ChunkerPlugin(name="cobol", summary="COBOL", chunk=print, languages=frozenset({"cobol"}), version="1")]
"""

FAULTS = {
    "import-error": ("import a_module_that_does_not_exist", "ModuleNotFoundError: No module named 'a_module_that"),
    "syntax-error": ("def :", "SyntaxError"),
    "misspelt-hook": (
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        def codebase_core_embeders():
            return []
        """,
        "codebase_core_embeders",
    ),
    "wrong-signature": (
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        def codebase_core_embedders(settings):
            return []
        """,
        "settings",
    ),
    "async-hook": (
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        async def codebase_core_stores():
            return []
        """,
        "codebase_core_stores is a coroutine",
    ),
    "async-generator-hook": (
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        async def codebase_core_stores():
            yield None
        """,
        "codebase_core_stores is a coroutine",
    ),
    "exits": ("raise SystemExit(3)", "SystemExit: 3"),
    "raises-in-its-hook": (
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        def codebase_core_stores():
            raise OSError("no network")
        """,
        "OSError: no network",
    ),
    "returns-a-number": (
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        def codebase_core_stores():
            return 7
        """,
        "codebase_core_stores returned int, not an iterable of StorePlugin",
    ),
    "returns-a-text": (
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        def codebase_core_stores():
            return "sqlite"
        """,
        "codebase_core_stores returned str",
    ),
    "returns-another-kind": (
        """
        from codebase_core_hookspecs import CommandPlugin, hookimpl

        @hookimpl
        def codebase_core_stores():
            return [CommandPlugin(name="draw", summary="Draw", target="a:b")]
        """,
        "codebase_core_stores returned a CommandPlugin where a StorePlugin belongs",
    ),
    "declares-twice": (
        """
        from codebase_core_hookspecs import CommandPlugin, hookimpl

        @hookimpl
        def codebase_core_commands():
            yield CommandPlugin(name="draw", summary="Draw", target="a:b")
            yield CommandPlugin(name="draw", summary="Paint", target="a:c")
        """,
        "command 'draw' is declared twice",
    ),
    "names-with-capitals": (
        """
        from codebase_core_hookspecs import CommandPlugin, hookimpl

        @hookimpl
        def codebase_core_commands():
            return [CommandPlugin(name="Draw it", summary="Draw", target="a:b")]
        """,
        "'Draw it' is not a valid plugin name",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_plugin_fails_alone_and_says_why(site, fault):
    source, message = FAULTS[fault]
    site.add(fault, source, version="2.5")
    site.add("good", GOOD)

    broken, good = site.find(fault), site.find("good")

    assert (broken.status, broken.distribution, broken.version, broken.provides) == ("failed", fault, "2.5", ())
    assert message in broken.error
    assert good.status == "active"
    assert [d.name for d in good.provides] == ["cobol"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_plugin_leaves_the_bundled_ones_whole(site, fault):
    before = {(p.name, tuple(d.name for d in p.provides)) for p in PluginManager.load().plugins}
    site.add(fault, FAULTS[fault][0])

    bundled = [p for p in PluginManager.load().plugins if p.bundled]

    assert {(p.name, tuple(d.name for d in p.provides)) for p in bundled} == before
    assert {p.status for p in bundled} == {"active"}


ILL_TYPED = {
    "extensions": "ChunkerPlugin(name='x', summary='', chunk=print, languages=frozenset({'x'}), version='1', extensions='x')",
    "supports": "StorePlugin(name='x', summary='', open=print, supports=['dense'])",
    "servers": "StorePlugin(name='x', summary='', open=print, servers='no')",
    "tier": "ResolverPlugin(name='x', summary='', open=print, tier='high')",
    "languages": "ChunkerPlugin(name='x', summary='', chunk=print, languages='cobol', version='1')",
    "version": "ChunkerPlugin(name='x', summary='', chunk=print, languages=frozenset({'cobol'}), version=1)",
    "summary": "CommandPlugin(name='x', summary=None, target='a:b')",
    "target": "CommandPlugin(name='x', summary='', target=print)",
    "options": "EmbedderPlugin(name='x', summary='', open=print, options=['model'])",
    "name": "EmbedderPlugin(name=None, summary='', open=print)",
}


@pytest.mark.parametrize("wrong", ILL_TYPED)
def test_a_descriptor_of_wrong_types_is_refused_where_it_is_declared(site, wrong):
    """It would otherwise stop whoever sorts, prints or opens it later: a command that has nothing to do with it."""
    kind = ILL_TYPED[wrong].partition("Plugin")[0]
    hook = {
        "Resolver": "resolvers",
        "Chunker": "chunkers",
        "Command": "commands",
        "Embedder": "embedders",
        "Store": "stores",
    }[kind]
    site.add(
        "careless",
        f"""
        from codebase_core_hookspecs import *

        @hookimpl
        def codebase_core_{hook}():
            return [{ILL_TYPED[wrong]}]
        """,
    )

    found = site.find("careless")

    assert found.status == "failed"
    assert wrong in found.error
    assert hook in found.error


def test_a_disabled_plugin_is_not_even_imported(site):
    site.add("deadly", "import os; os._exit(9)")

    found = site.find("deadly", disabled=["deadly"])

    assert (found.status, found.error) == ("disabled", None)


def test_third_party_plugins_can_be_left_out_altogether(site):
    site.add("deadly", "import os; os._exit(9)")

    manager = site.load(third_party=False)

    assert {p.distribution for p in manager.plugins} == {"codebase-core"}


def test_what_a_plugin_prints_while_it_loads_stays_out_of_the_answer(site, capsys):
    site.add("talker", "print('hello from talker')\n" + GOOD + "    print('and from its hook')\n")

    assert site.find("talker").status == "active"

    out, err = capsys.readouterr()
    assert out == ""
    assert "hello from talker" in err


def test_a_hook_may_return_nothing(site):
    site.add(
        "idle",
        """
        from codebase_core_hookspecs import hookimpl

        @hookimpl
        def codebase_core_stores():
            return None

        @hookimpl
        def codebase_core_chunkers():
            return ()
        """,
    )

    found = site.find("idle")

    assert (found.status, found.provides) == ("active", ())


def test_a_distribution_whose_metadata_is_gone_is_listed(site):
    """An installation that was cut short leaves such folders behind."""
    site.module("remains", GOOD)
    site.info("remains", "[codebase_core]\nremains = remains\n", metadata=False)

    found = site.find("remains")

    assert (found.status, found.distribution) == ("active", "unknown")


@pytest.mark.parametrize("text", ["[codebase_core]\nno equals sign\n", "[codebase_core]\nodd = not a module!\n"])
def test_a_malformed_entry_point_stops_nobody(site, text):
    site.info("malformed", text)
    site.add("good", GOOD)

    assert site.find("good").status == "active"


def test_an_entry_point_may_name_an_object_in_a_module(site):
    site.module(
        "boxed",
        """
        from codebase_core_hookspecs import CommandPlugin, hookimpl

        class Declarations:
            @hookimpl
            def codebase_core_commands(self):
                return [CommandPlugin(name="draw", summary="Draw", target="boxed:draw")]

        plugin = Declarations()
        """,
    )
    site.info("boxed", "[codebase_core]\nboxed = boxed:plugin\n")

    assert [d.name for d in site.find("boxed").provides] == ["draw"]
