"""``codebase-core projects``: delete, restore and purge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codebase_core.cli.options import project_argument
from codebase_core.cli.output import print_json, printable

from .confirm import confirm, yes_option
from .record import record_as_dict

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App
    from codebase_core.cli.session import CliSession


@click.command()
@project_argument(many=True)
@yes_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def delete(session: CliSession, *, names: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Hide projects, and free their names and folders. Their data stays until it is purged."""

    async def work(app: App) -> list[Project]:
        projects = await app.projects()
        found = [await app.find(name) for name in names]
        confirm(f"delete {_listed(found)}? the data is kept", yes=yes)
        gone = []
        for each in found:
            _say_use(each, used=projects.in_use(each))
            gone.append(await projects.delete(each))
            click.echo(f"deleted {each.name!r}; codebase-core projects purge {each.id} drops its data", err=True)
        return gone

    _print(session.run(work), as_json=as_json)


@click.command()
@project_argument(many=True, deleted=True, required=False)
@click.option("--from", "file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="A backup.")
@click.option("--server", metavar="NAME", help="With --from: the server to restore to; by default the one it was on.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def restore(
    session: CliSession, *, names: tuple[str, ...], file: Path | None, server: str | None, as_json: bool
) -> None:
    """Bring deleted projects back, or one from a backup.

    Deleted ones are given by name or id; the one from a backup gets NAME if there is one.

    The folders of a deleted project were freed: those that no other project took meanwhile are its own again.
    """
    if (file is None and not names) or (file is not None and len(names) > 1) or (server and file is None):
        raise click.UsageError("give the NAMEs of deleted projects, or --from FILE and at most one NAME")

    async def work(app: App) -> list[Project]:
        projects = await app.projects()
        if file is not None:
            to = app.settings.server(server).name if server else None
            back = [await projects.restore_from(file, name=names[0] if names else None, server=to)]
        else:
            found = [await projects.deleted(name) for name in names]
            back = [await projects.restore(each) for each in found]
        for each in back:
            folders = ", ".join(map(printable, await projects.folders(each)))
            click.echo(f"restored {each.name!r} {f'with {folders}' if folders else 'without a folder'}", err=True)
        return back

    _print(session.run(work), as_json=as_json)


@click.command()
@project_argument(many=True)
@yes_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def purge(session: CliSession, *, names: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Drop projects with all their data. A deleted project is named by its id."""

    async def work(app: App) -> list[Project]:
        projects = await app.projects()
        found = [await app.find_any(name) for name in names]
        places = "; ".join(" ".join(f"{key} {value}" for key, value in each.binding.location.items()) for each in found)
        confirm(f"drop {_listed(found)} with all data ({places})?", yes=yes)
        for each in found:
            _say_use(each, used=projects.in_use(each))
            ours = await projects.purge(each)
            left = "" if ours else "; its place belongs to somebody else and was left alone"
            click.echo(f"purged {each.name!r}{left}", err=True)
        return found

    _print(session.run(work), as_json=as_json)


@click.command()
@yes_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def prune(session: CliSession, *, yes: bool, as_json: bool) -> None:
    """Drop the projects, and the checkouts of others, whose folders are gone from this machine, as those of removed worktrees."""

    async def work(app: App) -> list[dict[str, Any]]:
        projects = await app.projects()
        gone = await projects.without_folders()
        whole = {project.id for project, _ in gone}
        parts = [(project, found) for project, found in await app.gone_checkouts() if project.id not in whole]
        if not gone and not parts:
            click.echo("no project has lost its folders", err=True)
            return []
        lost = [*gone, *((project, [each.root for each in found]) for project, found in parts)]
        for project, folders in lost:
            click.echo(f"{project.name!r}: {', '.join(map(printable, folders))} gone", err=True)
        what = [_listed([project for project, _ in gone]) + " with all data"] if gone else []
        what += [f"what only those checkouts of {project.name!r} saw" for project, _ in parts]
        confirm(f"drop {' and '.join(what)}?", yes=yes)
        for project, found in parts:
            for checkout in found:
                await app.forget_checkout(project, checkout)
                click.echo(f"forgot {printable(checkout.root)} of {project.name!r}", err=True)
        for project, _ in gone:
            _say_use(project, used=projects.in_use(project))
            ours = await projects.purge(project)
            left = "" if ours else "; its place belongs to somebody else and was left alone"
            click.echo(f"purged {project.name!r}{left}", err=True)
        return [record_as_dict(project) | {"gone": folders, "purged": project.id in whole} for project, folders in lost]

    pruned = session.run(work)
    if as_json:
        print_json(pruned)


def _listed(projects: list[Project]) -> str:
    return ("project " if len(projects) == 1 else "projects ") + ", ".join(repr(each.name) for each in projects)


def _say_use(project: Project, *, used: bool) -> None:
    if used:
        click.echo(f"{project.name!r} was the project in use; now there is none", err=True)


def _print(projects: list[Project], *, as_json: bool) -> None:
    if as_json:
        print_json([record_as_dict(each) for each in projects])
