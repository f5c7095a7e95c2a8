"""Who owns a name: bundled plugins for good, third parties as long as they agree, and unknown names list the choices."""

from __future__ import annotations

import pytest

from codebase_core.errors import AmbiguousPlugin, UnknownPlugin

EMBEDDER = """
from codebase_core_hookspecs import EmbedderPlugin, hookimpl

@hookimpl
def codebase_core_embedders():
    return [EmbedderPlugin(name=name, summary="Of " + __name__, open=print) for name in {names!r}]
"""


def embedders(*names: str) -> str:
    return EMBEDDER.replace("{names!r}", repr(names))


def chunker(name: str, *languages: str) -> str:
    return f"""
    from codebase_core_hookspecs import ChunkerPlugin, hookimpl

    @hookimpl
    def codebase_core_chunkers():
        return [ChunkerPlugin(name={name!r}, summary="", chunk=print, languages=frozenset({languages!r}), version="1")]
    """


def command(name: str) -> str:
    return f"""
    from codebase_core_hookspecs import CommandPlugin, hookimpl

    @hookimpl
    def codebase_core_commands():
        return [CommandPlugin(name={name!r}, summary="", target="a:b")]
    """


def test_the_entry_point_name_of_a_bundled_plugin_cannot_be_taken(site):
    site.add("thief", "import os; os._exit(9)", entry="postgres")

    found = site.find("thief")

    assert found.status == "shadowed"
    assert "'postgres' belongs to a bundled plugin" in found.error
    assert site.load().store("postgres-database").name == "postgres-database"


def test_a_descriptor_name_of_a_bundled_plugin_cannot_be_taken(site):
    site.add("acme", embedders("static", "acme"))

    found = site.find("acme")
    manager = site.load()

    assert found.status == "shadowed"
    assert "embedder 'static' belongs to a bundled plugin" in found.error
    assert [d.name for d in found.provides] == ["acme"]
    assert [d.name for d in found.shadowed] == ["static"]
    assert manager.embedder("static").summary != "Of acme"
    assert manager.embedder("acme").summary == "Of acme"


def test_the_same_name_for_things_of_another_kind_is_no_theft(site):
    site.add("acme", chunker("static", "cobol"))

    assert site.find("acme").status == "active"


def test_two_third_parties_with_one_name_disagree_only_when_it_is_used(site):
    site.add("acme", embedders("cloud", "acme"), version="1.1")
    site.add("bolt", embedders("cloud"), version="2.2")

    manager = site.load()

    assert {p.status for p in manager.plugins} == {"active"}
    assert manager.embedder("acme").name == "acme"
    with pytest.raises(AmbiguousPlugin) as caught:
        manager.embedder("cloud")
    assert "acme 1.1" in caught.value.message
    assert "bolt 2.2" in caught.value.message
    assert "CODEBASE_CORE_DISABLE_PLUGINS" in caught.value.hint


def test_disabling_one_of_two_settles_the_disagreement(site):
    site.add("acme", embedders("cloud"))
    site.add("bolt", embedders("cloud"))

    assert site.load(disabled=["acme"]).embedder("cloud").summary == "Of bolt"


def test_an_unknown_name_lists_the_choices_and_the_nearest(site):
    site.add("acme", embedders("acme"))

    with pytest.raises(UnknownPlugin) as caught:
        site.load().embedder("statik")

    assert "no embedder is called 'statik'" in caught.value.message
    assert "did you mean 'static'" in caught.value.hint
    assert "acme, ollama, sentence-transformers, static" in caught.value.hint


def test_an_unknown_name_points_at_the_plugin_that_failed(site):
    site.add("acme", "import a_module_that_does_not_exist")

    with pytest.raises(UnknownPlugin) as caught:
        site.load().embedder("acme")

    assert "acme (acme) failed to load" in caught.value.hint


def test_each_kind_is_looked_up_by_its_own_name(site):
    manager = site.load()

    assert manager.registry("postgres").name == "postgres"
    assert {"postgres-database", "postgres-schema"} <= {plugin.name for plugin in manager.stores()}
    with pytest.raises(UnknownPlugin, match="no store is called 'postgres'"):
        manager.store("postgres")
    with pytest.raises(UnknownPlugin, match="no registry is called 'static'"):
        manager.registry("static")


def test_chunkers_are_asked_specific_first_then_third_parties_then_by_name(site):
    site.add("one", chunker("zebra", "python", "ruby"))
    site.add("two", chunker("apple", "ruby"))
    site.add("three", chunker("any-file", "*"))

    assert [c.name for c in site.load().chunkers()] == ["apple", "zebra", "tree-sitter", "any-file", "lines"]


def test_resolvers_are_asked_by_tier_then_by_name(site):
    site.add(
        "acme",
        """
        from codebase_core_hookspecs import ResolverPlugin, hookimpl

        @hookimpl
        def codebase_core_resolvers():
            for name, tier in (("late", 700), ("beta", 400), ("alpha", 400)):
                yield ResolverPlugin(name=name, summary="", open=print, tier=tier)
        """,
    )

    assert [r.name for r in site.load().resolvers() if r.tier >= 400] == ["alpha", "beta", "late"]


def test_a_command_that_two_plugins_claim_is_nobodys(site):
    site.add("acme", command("draw"))
    site.add("bolt", command("draw"))
    site.add("crow", command("paint"))

    names = [c.name for c in site.load().commands()]

    assert "draw" not in names
    assert "paint" in names


def test_plugins_come_bundled_first_then_by_name(site):
    site.add("zeta", embedders("zeta"))
    site.add("alfa", embedders("alfa"))

    assert [p.name for p in site.load().plugins] == [
        *(
            "builtin",
            "code-reranker",
            "http",
            "mcp",
            "ollama",
            "postgres",
            "sentence-transformers",
            "static",
            "tree-sitter",
        ),
        "workflow-mcp",
        *("alfa", "zeta"),
    ]


@pytest.mark.parametrize("tier", [-1, 0, 150, 299, 800])
def test_a_third_party_resolver_stands_neither_above_the_checkouts_nor_below_the_default(site, tier):
    site.add(
        "acme",
        f"""
        from codebase_core_hookspecs import ResolverPlugin, hookimpl

        @hookimpl
        def codebase_core_resolvers():
            return [ResolverPlugin(name="pushy", summary="", open=print, tier={tier})]
        """,
    )

    found = site.find("acme")

    assert (found.status, found.provides) == ("failed", ())
    assert f"'pushy' asks for tier {tier}; third parties use 300 to 799" in found.error
