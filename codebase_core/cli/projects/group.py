"""``codebase-core projects``."""

from __future__ import annotations

import click

from . import archiving, edit, looking, removing, repair, select


@click.group()
def projects() -> None:
    """Find, change, remove, verify and repair projects."""


for command in (
    looking.list_projects,
    looking.show,
    looking.history,
    looking.stats,
    select.which,
    select.use,
    edit.create,
    edit.rename,
    edit.tag,
    edit.describe,
    removing.delete,
    removing.restore,
    removing.purge,
    repair.verify,
    repair.repair,
    archiving.export_projects,
    archiving.import_projects,
    archiving.backup,
    archiving.move,
):
    projects.add_command(command)
