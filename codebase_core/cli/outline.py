"""``codebase-core outline``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import folder_option, json_option, project_option
from .output import print_json, printable

if TYPE_CHECKING:
    from .session import CliSession

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
@json_option
@click.pass_obj
def outline(session: CliSession, *, file: str, local: bool, project: str | None, folder: str, as_json: bool) -> None:
    """Show what a file defines, with lines."""
    found = session.run(lambda app: app.outline(file, path=Path(folder), project=project, local=local))
    if as_json:
        print_json(found.as_dict())
        return
    for depth, symbol in found.entries:
        lines = f"{symbol.line}-{symbol.end_line}" if symbol.end_line else str(symbol.line)
        click.echo(f"{lines:>11}  {'  ' * depth}{click.style(symbol.kind, dim=True)} {printable(symbol.name)}")
    if not found.entries:
        click.echo(f"{printable(found.path)} defines nothing that is known", err=True)
    if found.state in _STATES:
        click.echo(_STATES[found.state], err=True)
