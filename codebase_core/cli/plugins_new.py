"""``codebase-core plugins new``."""

from __future__ import annotations

from pathlib import Path

import click

from codebase_core.plugins.scaffold import KINDS, Kind, write


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the plugin brings.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to write; by default codebase-core-NAME.")
def new(*, name: str, kind: Kind, folder: Path | None) -> None:
    """Write a plugin that works, with tests that pass: a distribution to change into what you want."""
    where = folder or Path(f"codebase-core-{name}")
    for file in write(name, kind=kind, folder=where):
        click.echo(str(file))
    click.echo(f"next: pip install -e '{where}[testing]' && codebase-core plugins check {name}", err=True)
