"""Options of descriptors that share a section of the settings."""

from __future__ import annotations

from codebase_core.config.settings import load_settings
from codebase_core.engine import Engine

TWO = """
from codebase_core_hookspecs import CommandPlugin, EmbedderPlugin, Option, hookimpl

@hookimpl
def codebase_core_embedders():
    return [EmbedderPlugin(name="acme", summary="Acme", open=None, options=(Option(name="model", summary="Model", default="m"),))]

@hookimpl
def codebase_core_commands():
    url = Option(name="url", summary="Server", default="here")
    return [CommandPlugin(name="acme-login", summary="Log in", target="a:b", section="acme", options=(url,))]
"""


def test_each_descriptor_gets_the_options_of_its_section_whichever_is_opened_first(site):
    site.add("acme", TWO)
    settings = load_settings(environ={"CODEBASE_CORE_ACME_URL": "there"})
    for first in ("commands", "embedders"):
        engine = Engine(settings)
        opened = [*getattr(engine.plugins, first)(), *engine.plugins.commands(), *engine.plugins.embedders()]
        contexts = [engine.context(plugin).options for plugin in opened if plugin.table == "acme"]
        assert contexts == [{"model": "m", "url": "there"}] * 3, first
