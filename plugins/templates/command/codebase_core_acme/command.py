"""``codebase-core acme``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click
from codebase_core_hookspecs import SearchRequest

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
    """Return where the hits stand."""
    if context.service is None:
        raise click.ClickException("this command needs the engine")
    request = SearchRequest(query, path=folder.absolute(), limit=limit)
    async with context.service() as service:
        answer = await service.search(request, roots=(folder.absolute(),))
    return [f"{hit.path}:{hit.start_line}" for hit in answer.hits]
