"""``codebase-core projects stats``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codebase_core.cli.options import json_option
from codebase_core.cli.output import ago, counted, print_json, print_table

if TYPE_CHECKING:
    from codebase_core.cli.session import CliSession
    from codebase_core.projects.survey import Survey


@click.command()
@click.option("--days", type=click.IntRange(0, 36_500), default=30, show_default=True, help="Older indexes are stale.")
@json_option
@click.pass_obj
def stats(session: CliSession, *, days: int, as_json: bool) -> None:
    """Count projects and what each holds. Those not indexed for long, or whose root is gone, are stale."""
    found: Survey = session.run(lambda app: app.survey(days=days))
    totals = found.as_dict()
    if as_json:
        print_json(totals)
        return
    by_status = ", ".join(f"{count:,} {status}" for status, count in found.statuses.items()) or "no projects"
    click.echo(f"{by_status}; {found.deleted:,} deleted")
    click.echo(
        f"{counted(totals['files'], 'file')}, {counted(totals['chunks'], 'chunk')}, {_megabytes(totals['bytes'])} of source, "
        f"{_megabytes(totals['bytes_stored'])} on disk"
    )
    if found.projects:
        rows = [
            (
                each.project.name,
                f"{each.files:,}",
                f"{each.chunks:,}",
                _megabytes(each.bytes_stored),
                ago(each.indexed_at),
                each.problem or each.stale or "-",
            )
            for each in found.projects
        ]
        print_table(("NAME", "FILES", "CHUNKS", "ON DISK", "INDEXED", "STALE"), rows)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
