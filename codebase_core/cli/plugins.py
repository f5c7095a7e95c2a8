"""``codebase-core plugins``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codebase_core.engine import Engine
from codebase_core.errors import UnknownPlugin, choices

from .options import json_option
from .output import print_json, print_table
from .plugins_check import check
from .plugins_new import new

if TYPE_CHECKING:
    from codebase_core_hookspecs import Descriptor

    from codebase_core.plugins.manager import PluginInfo

    from .session import CliSession


@click.group()
def plugins() -> None:
    """Show what is installed and what became of it; check plugins, and write new ones."""


plugins.add_command(check)
plugins.add_command(new)


@plugins.command("list")
@json_option
@click.pass_obj
def list_plugins(session: CliSession, *, as_json: bool) -> None:
    """List plugins: active, disabled, failed or shadowed."""
    found = Engine(session.settings()).plugins.plugins
    if as_json:
        print_json([_shown(plugin) for plugin in found])
        return
    rows = [
        (p.name, p.status, f"{p.distribution} {p.version}", ", ".join(_named(d) for d in p.provides)) for p in found
    ]
    print_table(("NAME", "STATUS", "DISTRIBUTION", "PROVIDES"), rows)
    for plugin in found:
        if plugin.error:
            click.echo(f"{plugin.name} ({plugin.distribution}): {plugin.error}", err=True)


@plugins.command()
@click.argument("name")
@json_option
@click.pass_obj
def show(session: CliSession, *, name: str, as_json: bool) -> None:
    """Show one plugin: what it provides, and its options."""
    found = Engine(session.settings()).plugins.plugins
    named = [plugin for plugin in found if plugin.name == name or any(d.name == name for d in plugin.provides)]
    if not named:
        known = sorted({p.name for p in found} | {d.name for p in found for d in p.provides})
        raise UnknownPlugin(f"no plugin is called {name!r}", hint=choices(name, known))
    if as_json:
        print_json([_shown(plugin) for plugin in named])
        return
    for plugin in named:
        _print(plugin)


def _print(plugin: PluginInfo) -> None:
    click.echo(f"{plugin.name}: {plugin.status}, {plugin.distribution} {plugin.version} ({plugin.target})")
    if plugin.error:
        click.echo(f"  {plugin.error}")
    for descriptor in plugin.provides:
        click.echo(f"  {_named(descriptor)}: {descriptor.summary}")
    options = {option.name: option for descriptor in plugin.provides for option in descriptor.options}
    for option in options.values():
        names = f" [{', '.join(option.env)}]" if option.env else ""
        click.echo(f"    {option.name} = {option.default!r}{names}: {option.summary}")


def _shown(plugin: PluginInfo) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "status": plugin.status,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "target": plugin.target,
        "error": plugin.error,
        "provides": [{"kind": _kind(d), "name": d.name, "summary": d.summary} for d in plugin.provides],
        "shadowed": [{"kind": _kind(d), "name": d.name} for d in plugin.shadowed],
    }


def _named(descriptor: Descriptor) -> str:
    return f"{_kind(descriptor)} {descriptor.name}"


def _kind(descriptor: Descriptor) -> str:
    return type(descriptor).__name__.removesuffix("Plugin").lower()
