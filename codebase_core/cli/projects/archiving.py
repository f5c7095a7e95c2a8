"""``codebase-core projects``: export, import, backup and move."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from codebase_core.cli.options import project_argument
from codebase_core.cli.output import print_json
from codebase_core.errors import ArchiveUnreadable, PathUnusable

from .record import record_as_dict

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App
    from codebase_core.cli.session import CliSession
    from codebase_core.projects.export import Imported


@click.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True), default="-", metavar="[FILE]")
@click.option("--json", "as_json", is_flag=True, help="JSON is what it writes.", hidden=True)
@click.pass_obj
def export_projects(session: CliSession, *, file: TextIO, as_json: bool) -> None:  # noqa: ARG001 - the same either way
    """Write all records as JSON, to stdout or to FILE. Checkouts go with them, the indexes stay where they are."""

    async def work(app: App) -> dict[str, Any]:
        return await (await app.projects()).exported()

    document = session.run(work)
    file.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


@click.command("import")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def import_projects(session: CliSession, *, file: TextIO, as_json: bool) -> int:
    """Store the records of an export (- is stdin). Their databases are found again. Exit code 1 if one is refused."""
    try:
        document = json.load(file)
    except (ValueError, RecursionError) as exc:
        raise ArchiveUnreadable(f"{file.name}: {exc}", hint="give a file of codebase-core projects export") from exc

    async def work(app: App) -> list[Imported]:
        return await (await app.projects()).imported(document)

    found = session.run(work)
    if as_json:
        print_json([{"name": each.name, "outcome": each.outcome, "reason": each.reason} for each in found])
    for each in found if not as_json else ():
        click.echo(f"{each.name}: {each.outcome}{f' ({each.reason})' if each.reason else ''}")
    return 1 if any(each.outcome == "refused" for each in found) else 0


@click.command()
@project_argument()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def backup(session: CliSession, *, name: str, file: Path, force: bool, as_json: bool) -> None:
    """Write one project, its record and its index, to FILE. It can be searched and indexed meanwhile.

    projects restore --from FILE brings it back.
    """
    if file.exists() and not force:
        raise PathUnusable(f"{file} is there already", hint="name another file, or --force replaces it")

    async def work(app: App) -> None:
        await (await app.projects()).backup(await app.find(name), file)

    session.run(work)
    size = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        click.echo(f"{file}: {size / 1e6:,.1f} MB")


@click.command()
@project_argument()
@click.option("--store", metavar="NAME", help="Isolation strategy; the same one by default.")
@click.option("--server", metavar="NAME", help="Server; the same one by default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def move(session: CliSession, *, name: str, store: str | None, server: str | None, as_json: bool) -> None:
    """Move a project to another isolation strategy or server. The old place is dropped when the copy is the same."""

    async def work(app: App) -> Project:
        project = await app.find(name)
        target = store or project.binding.store
        to = app.engine.server_for(target, server, default=project.binding.server)
        return await (await app.projects()).move(project, store=target, server=to)

    moved = session.run(work)
    if as_json:
        print_json(record_as_dict(moved))
    else:
        place = " ".join(f"{key} {value}" for key, value in moved.binding.location.items())
        click.echo(f"moved {moved.name!r} to {moved.binding.store} on {moved.binding.server}: {place}")
