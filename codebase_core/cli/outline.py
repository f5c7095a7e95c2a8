"""``codebase-core outline``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import folder_option, json_option, project_option, refresh_option
from .output import print_json, printable
from .refreshed import RefreshedSearcher, print_freshness

if TYPE_CHECKING:
    from codebase_core_hookspecs import Freshness

    from codebase_core.app import App
    from codebase_core.search.outline import Outline

    from .session import CliSession

_MOST = 1_000
"""Definitions that are listed unless all are asked for."""

_STATES = {
    "changed": "the file has changed since: codebase-core index",
    "missing": "the file is gone: codebase-core index",
    "elsewhere": "this is the file of another checkout: codebase-core index",
}


@click.command()
@click.argument("file")
@click.option("--all", "local", is_flag=True, help="Also what is local to a function.")
@project_option
@folder_option
@refresh_option
@json_option
@click.pass_obj
def outline(
    session: CliSession, *, file: str, local: bool, project: str | None, folder: str, no_refresh: bool, as_json: bool
) -> None:
    """Show what a file defines, with lines."""

    async def work(app: App) -> tuple[Outline, Freshness | None]:
        refreshed = await RefreshedSearcher.of(app, Path(folder), project=project, no_refresh=no_refresh)
        freshness = await refreshed.freshness()
        return await refreshed.searcher.outline(file, folder=Path(folder), local=local), freshness

    found, freshness = session.run(work)
    if as_json:
        print_json(found.as_dict() | ({"freshness": freshness.as_dict()} if freshness is not None else {}))
        return
    for depth, symbol in found.entries if local else found.entries[:_MOST]:
        lines = f"{symbol.line}-{symbol.end_line}" if symbol.end_line else str(symbol.line)
        click.echo(f"{lines:>11}  {'  ' * depth}{click.style(symbol.kind, dim=True)} {printable(symbol.name)}")
    if len(found.entries) > _MOST and not local:
        click.echo(f"{len(found.entries) - _MOST:,} more: --all", err=True)
    if not found.entries:
        click.echo(f"{printable(found.path)} defines nothing that is known", err=True)
    if found.state in _STATES:
        click.echo(_STATES[found.state], err=True)
    print_freshness(freshness)
