"""The commands of ``codebase-core server``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from .server import EmbeddedServer

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


@click.group()
def server() -> None:
    """Start, stop and look at the embedded PostgreSQL. Other commands start it by themselves."""


@server.command()
@click.pass_obj
def start(context: PluginContext) -> None:
    """Start the server unless it runs, and print its URL."""
    embedded = EmbeddedServer(context.state_dir)
    endpoint = embedded.ensure_running()
    click.echo(f"PostgreSQL {embedded.status().version} is running", err=True)
    click.echo(endpoint.url())


@server.command()
@click.pass_obj
def stop(context: PluginContext) -> None:
    """Stop the server; what is being written is rolled back."""
    stopped = EmbeddedServer(context.state_dir).stop()
    click.echo("stopped" if stopped else "it was not running", err=True)


@server.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(context: PluginContext, *, yes: bool) -> None:
    """Stop the server and delete its data: all projects on it, and the registry if it is there. Repositories stay."""
    embedded = EmbeddedServer(context.state_dir)
    if not yes:
        area = embedded.status().data_dir.parent
        click.confirm(f"delete {area} with the index of every project on the embedded server?", abort=True, err=True)
    removed = embedded.remove()
    click.echo(f"deleted {removed}" if removed else "there was nothing to delete", err=True)


@server.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(context: PluginContext, *, as_json: bool) -> None:
    """Show whether the server runs, where its data and log are, and as which account."""
    fields = EmbeddedServer(context.state_dir).status().as_json()
    if as_json:
        click.echo(json.dumps(fields))
        return
    for name, value in fields.items():
        if value is not None:
            click.echo(f"{name.replace('_', ' '):<11} {_shown(value)}")


@server.command()
@click.option("-n", "lines", type=click.IntRange(min=1), default=50, show_default=True, help="How many lines.")
@click.pass_obj
def logs(context: PluginContext, *, lines: int) -> None:
    """Print the last lines of the server's log."""
    click.echo(EmbeddedServer(context.state_dir).log_tail(lines))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.0f} s" if isinstance(value, float) else str(value)
