"""``codebase-core reindex``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import json_option, project_option
from .output import counted, print_json

if TYPE_CHECKING:
    from codebase_core.operations.reindex import ReindexReport

    from .session import CliSession


@click.command()
@click.argument("path", default=".", metavar="[PATH]")
@project_option
@click.option("--embedder", metavar="PLUGIN[:MODEL]", help="Embedding model to change to.")
@click.option(
    "--without", multiple=True, metavar="NAME", help="Leave a repository of the project out; may be repeated."
)
@click.option("--abandon", is_flag=True, help="Drop what an unfinished reindex has built.")
@json_option
@click.pass_obj
def reindex(
    session: CliSession,
    *,
    path: str,
    project: str | None,
    embedder: str | None,
    without: tuple[str, ...],
    abandon: bool,
    as_json: bool,
) -> None:
    """Build a project's index anew, with another embedding model if one is named.

    The old index answers until the new one is complete. One that was cut short is continued when the command is run again.
    """
    from .progress import shown_progress  # noqa: PLC0415

    if abandon:
        resolution = session.run(lambda app: app.abandon_reindex(Path(path), project=project))
        click.echo(f"project {resolution.require_project().name!r} has no unfinished index", err=True)
        return
    with shown_progress() as on_progress:
        report = session.run(
            lambda app: app.reindex(
                Path(path), project=project, embedder=embedder, without=without, on_progress=on_progress
            )
        )
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report)


def _print(report: ReindexReport) -> None:
    embedder = report.after.embedder
    made = f"{embedder.plugin}:{embedder.model}, {embedder.dimensions} dimensions" if embedder else "no vectors"
    click.echo(f"project {report.resolution.require_project().name!r} now has an index with {made}")
    for name, progress in report.repositories:
        click.echo(
            f"{name}: {counted(progress.indexed, 'file')} indexed, {counted(progress.chunks, 'chunk')} "
            f"in {progress.seconds:.1f} s; {progress.unchanged + progress.touched:,} built before"
        )
