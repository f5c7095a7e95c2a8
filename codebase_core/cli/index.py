"""``codebase-core index``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import choice_options, json_option
from .output import counted, print_json, printable

if TYPE_CHECKING:
    from codebase_core.app import App, Choices
    from codebase_core.indexing.service import IndexReport
    from codebase_core.jobs import Job

    from .session import CliSession


@click.command()
@click.argument("path", default=".", metavar="[PATH]")
@choice_options
@click.option(
    "--take-over", is_flag=True, help="Let the project follow this checkout, not the one it was indexed from."
)
@click.option("--force", is_flag=True, help="Read every file again, changed or not.")
@click.option("--detach", is_flag=True, help="Index in a process of its own and return at once.")
@json_option
@click.pass_obj
def index(
    session: CliSession,
    *,
    path: str,
    choices: Choices,
    take_over: bool,
    force: bool,
    detach: bool,
    as_json: bool,
) -> None:
    """Bring the index of a folder or file up to date.

    A folder that has no project gets one, named after it. Only what changed since the last run is read.
    """
    from .progress import shown_progress  # noqa: PLC0415

    choices = replace(choices, take_over=take_over)
    if detach:
        _detach(session, Path(path), choices, force=force, as_json=as_json)
        return
    with shown_progress() as on_progress:
        report = session.run(lambda app: app.index(Path(path), choices=choices, force=force, on_progress=on_progress))
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report)


def _detach(session: CliSession, path: Path, choices: Choices, *, force: bool, as_json: bool) -> None:
    async def work(app: App) -> Job:
        return app.start_job(path, choices=choices, force=force)

    job = session.run(work)
    if as_json:
        print_json(job.as_dict())
    else:
        click.echo(job.id)
        click.echo(f"indexing {printable(str(job.path))}; codebase-core jobs show {job.id}", err=True)


def _print(report: IndexReport) -> None:
    progress = report.progress
    project = report.resolution.require_project()
    where = f"{report.root}/{report.scope}".rstrip("/")
    click.echo(f"project {project.name!r}{' (new)' if report.created else ''}: {printable(where)}")
    rate = f" ({progress.chunks / progress.seconds:,.0f} a second)" if progress.chunks else ""
    click.echo(
        f"{counted(progress.indexed, 'file')} indexed, {counted(progress.chunks, 'chunk')} in {progress.seconds:.1f} s{rate}; "
        f"{progress.unchanged + progress.touched:,} unchanged, {progress.removed:,} removed"
    )
    if progress.renewed:
        click.echo(
            f"{counted(progress.renewed, 'file')} read anew: an earlier version, or other options, had indexed them"
        )
    if progress.reused:
        click.echo(f"{progress.reused:,} of {progress.reused + progress.embedded:,} vectors reused")
    if progress.skipped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in progress.skipped.most_common())
        click.echo(f"skipped: {reasons} (codebase-core status --skipped)", err=True)
