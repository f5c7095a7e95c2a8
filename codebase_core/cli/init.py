"""``codebase-core init``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import choice_options, json_option
from .output import print_json

if TYPE_CHECKING:
    from codebase_core.app import Choices

    from .session import CliSession


@click.command()
@click.argument("path", default=".", metavar="[FOLDER]")
@choice_options
@json_option
@click.pass_obj
def init(
    session: CliSession,
    *,
    path: str,
    choices: Choices,
    as_json: bool,
) -> None:
    """Make sure that a folder has a project; nothing is indexed yet.

    Nothing is written into the folder. ``index`` does the same by itself; use ``init`` to choose name, store, server or
    model first.
    """
    resolution, created = session.run(lambda app: app.init(Path(path), choices=choices))
    made = resolution.require_project()
    place = {"store": made.binding.store, "server": made.binding.server, **made.binding.location}
    if as_json:
        print_json({"project": {"name": made.name, "id": str(made.id), "created": created}, "place": place})
        return
    click.echo(f"{'created' if created else 'found'} project {made.name!r} ({made.id})")
    click.echo(" · ".join(f"{key} {value}" for key, value in place.items()))
    click.echo("next: codebase-core index", err=True)
