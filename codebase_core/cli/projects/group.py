"""``codebase-core projects``."""

from __future__ import annotations

import click

from . import archiving, changing, choosing, looking, mending, removing


@click.group()
def projects() -> None:
    """Find, change, remove, verify and repair projects."""


for command in (
    looking.list_projects,
    looking.show,
    looking.history,
    looking.stats,
    choosing.which,
    choosing.use,
    changing.create,
    changing.rename,
    changing.tag,
    changing.describe,
    removing.delete,
    removing.restore,
    removing.purge,
    mending.verify,
    mending.repair,
    archiving.export_projects,
    archiving.import_projects,
    archiving.backup,
    archiving.move,
):
    projects.add_command(command)
