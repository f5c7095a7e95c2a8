"""``codebase-core status``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import json_option, project_option, refresh_option
from .output import ago, counted, print_json, printable
from .refreshed import print_freshness

if TYPE_CHECKING:
    from codebase_core_hookspecs import Drift, Status

    from codebase_core.app import App

    from .session import CliSession


@click.command()
@click.argument("folder", default=".", metavar="[FOLDER]")
@project_option
@click.option("--skipped", is_flag=True, help="List every file that is not indexed as it stands, with the reason.")
@refresh_option
@json_option
@click.pass_obj
def status(
    session: CliSession, *, folder: str, project: str | None, skipped: bool, no_refresh: bool, as_json: bool
) -> None:
    """Show what is indexed, and how far the tree has moved since."""

    async def work(app: App) -> tuple[Status, list[dict[str, str]]]:
        resolution = await app.resolve(Path(folder), project=project)
        files = [file async for file in app.skipped(resolution)] if skipped else []
        return await app.status_of(resolution, compare=not no_refresh and not skipped), files

    found, files = session.run(work)
    if as_json:
        print_json(found.as_dict() | ({"skipped_files": files} if skipped else {}))
    elif skipped:
        for each in files:
            click.echo(f"{printable(each['path'])}\t{each['reason']}")
    else:
        _print(found.as_dict(), found)


def _print(shown: dict[str, Any], found: Status) -> None:
    project = shown["project"]
    click.echo(f"project {project['name']!r} ({project['id']}), by {project['tier']}: {printable(project['evidence'])}")
    click.echo(" · ".join(f"{key} {value}" for key, value in shown["place"].items()))
    embedder = shown["embedder"]
    if embedder:
        click.echo(f"embedder {embedder['plugin']}:{embedder['model']}, {embedder['dimensions']} dimensions")
    if shown["reindex"]:
        click.echo(
            f"a reindex with {shown['reindex']['plugin']}:{shown['reindex']['model']} is under way or unfinished: "
            "codebase-core reindex goes on with it, --abandon gives it up"
        )
    if found.vectors:
        wanted = found.vectors["embedded"] + found.vectors["reused"]
        share = 100 * found.vectors["reused"] / wanted
        click.echo(f"last run: {found.vectors['reused']:,} of {wanted:,} vectors reused ({share:.0f} %)")
    statistics = found.statistics
    click.echo(
        f"{counted(statistics.files, 'file')}, {counted(statistics.chunks, 'chunk')}, "
        f"{counted(statistics.symbols, 'definition')}, {statistics.bytes_chunked / 1e6:.1f} MB"
    )
    for state in statistics.repositories:
        commit = f" at {state.commit[:10]}" if state.commit else ""
        run = statistics.last_runs.get(state.name)
        last = f", last run {run.outcome}" if run is not None and run.outcome != "done" and not state.running else ""
        only = f", only {', '.join(found.parts[state.name])}" if state.name in found.parts else ""
        place = printable(f"{state.name} ({state.root}){only}")
        click.echo(f"{place}: indexed {ago(state.indexed_at)}{commit}{', running' * state.running}{last}")
        if state.name in found.drifts:
            click.echo(f"  {_drifted(found.drifts[state.name])}")
    print_freshness(found.freshness)
    if statistics.skipped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in statistics.skipped.items())
        click.echo(f"skipped: {reasons}")


def _drifted(drift: Drift) -> str:
    if not drift.files:
        return "the tree is as it is indexed"
    counts = ((drift.changed, "changed"), (drift.new, "new"), (drift.deleted, "deleted"))
    return f"{drift}: {', '.join(f'{count:,} {what}' for count, what in counts if count)}"
