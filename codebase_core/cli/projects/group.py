"""``codebase-core projects``."""

from __future__ import annotations

import click

from . import choosing, looking, mending, removing


@click.group()
def projects() -> None:
    """Find, change, remove, verify and repair projects."""


for command in (
    looking.list_projects,
    looking.show,
    choosing.which,
    choosing.use,
    removing.delete,
    removing.purge,
    mending.verify,
    mending.repair,
):
    projects.add_command(command)
