"""``codebase-core projects``."""

from __future__ import annotations

import click

from . import archiving, edit, removing, repair, select
from .list import list_projects
from .show import history, show
from .stats import stats


@click.group()
def projects() -> None:
    """Find, change, remove, verify and repair projects."""


for command in (
    list_projects,
    show,
    history,
    stats,
    select.which,
    select.use,
    edit.create,
    edit.rename,
    edit.tag,
    edit.describe,
    removing.delete,
    removing.restore,
    removing.purge,
    removing.prune,
    repair.verify,
    repair.repair,
    archiving.export_projects,
    archiving.import_projects,
    archiving.backup,
    archiving.move,
):
    projects.add_command(command)
