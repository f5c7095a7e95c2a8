"""``codebase-core jobs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .options import json_option
from .output import ago, print_json, print_table, printable, printable_lines

if TYPE_CHECKING:
    from codebase_core_hookspecs import Run

    from codebase_core.app import App
    from codebase_core.jobs import Job

    from .session import CliSession


@click.group()
def jobs() -> None:
    """Show and cancel index runs in processes of their own: ``index --detach`` and agents start them."""


@jobs.command("list")
@json_option
@click.pass_obj
def list_jobs(session: CliSession, *, as_json: bool) -> None:
    """List jobs, newest first."""

    async def work(app: App) -> list[Job]:
        return app.jobs.list()

    found = session.run(work)
    if as_json:
        print_json([job.as_dict() for job in found])
    elif found:
        rows = [(job.id, job.state, ago(job.requested_at), job.path) for job in found]
        print_table(("ID", "STATE", "REQUESTED", "WHAT"), rows)
    else:
        click.echo("no jobs; codebase-core index --detach starts one", err=True)


@jobs.command()
@click.argument("job")
@json_option
@click.pass_obj
def show(session: CliSession, *, job: str, as_json: bool) -> None:
    """Show what a job was asked for, how far it is and what became of it."""

    async def work(app: App) -> tuple[Job, Run | None]:
        found = app.jobs.get(job)
        return found, await app.run_of(found)

    found, run = session.run(work)
    shown: dict[str, Any] = found.as_dict() | {"progress": dict(run.detail) if run is not None else None}
    if as_json:
        print_json(shown)
        return
    click.echo(f"job {found.id}: {printable(str(found.path))}, {found.state}, requested {ago(found.requested_at)}")
    if run is not None and "done" in run.detail:
        of = f" of {run.detail['changed']:,}" if run.detail["scanned"] else ""
        click.echo(f"{run.detail['done']:,}{of} files, {run.detail['chunks']:,} chunks")
    if "error" in found.report:
        click.echo(f"error: {printable_lines(found.report['error'])}")


@jobs.command()
@click.argument("job")
@click.pass_obj
def cancel(session: CliSession, *, job: str) -> None:
    """Stop a job; what it has indexed stays, and the next run goes on from there."""

    async def work(app: App) -> bool:
        return app.jobs.cancel(app.jobs.get(job))

    click.echo("asked to stop" if session.run(work) else "it was not running", err=True)


@jobs.command()
@click.argument("job")
@click.pass_obj
def logs(session: CliSession, *, job: str) -> None:
    """Print what a job has said."""

    async def work(app: App) -> str:
        return app.jobs.log(app.jobs.get(job))

    click.echo(printable_lines(session.run(work)), nl=False)
