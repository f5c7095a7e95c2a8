"""``codebase-core acme``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click
from codebase_core_hookspecs import Filters, Workspace

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


@click.command("acme")
@click.argument("query")
@click.option(
    "-C", "folder", type=click.Path(path_type=Path), default=Path(), help="Folder that the question is about."
)
@click.option("-k", "limit", default=5, show_default=True, help="How many answers.")
@click.pass_obj
def command(context: PluginContext, *, query: str, folder: Path, limit: int) -> None:
    """Print path and line of every answer to QUERY."""
    for place in asyncio.run(places(context, query, folder=folder, limit=limit)):
        click.echo(place)


async def places(context: PluginContext, query: str, *, folder: Path, limit: int) -> list[str]:
    """Ask the engine; its answers are what ``search --json`` prints."""
    if context.application is None:
        raise click.ClickException("this command needs the engine")
    workspace = Workspace(folder=folder.absolute(), roots=(folder.absolute(),))
    async with context.application() as application:
        answer = await application.search(query, workspace=workspace, limit=limit, filters=Filters())
    return [f"{hit['path']}:{hit['start_line']}" for hit in answer["hits"]]
