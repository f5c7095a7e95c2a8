"""``codebase-core projects``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .output import ago, print_json, print_table
from .session import Session, json_option

if TYPE_CHECKING:
    from codebase_core_hookspecs import Problem, Project

    from codebase_core.app import App


@click.group()
def projects() -> None:
    """List, delete, purge, verify and repair projects."""


@projects.command("list")
@click.option("--deleted", is_flag=True, help="Deleted projects, whose data is still there.")
@json_option
@click.pass_obj
def list_projects(session: Session, *, deleted: bool, as_json: bool) -> None:
    """List projects, newest first."""

    async def work(app: App) -> list[Project]:
        return list(await (await app.opened.registry()).list(deleted=deleted))

    found = session.run(work)
    if as_json:
        print_json([_shown(project) for project in found])
    elif found:
        rows = [(p.name, p.status, p.binding.store, p.binding.server, ago(p.created_at), p.id) for p in found]
        print_table(("NAME", "STATUS", "STORE", "SERVER", "CREATED", "ID"), rows)
    else:
        click.echo("no projects; codebase-core index makes one", err=True)


@projects.command()
@click.argument("name")
@json_option
@click.pass_obj
def show(session: Session, *, name: str, as_json: bool) -> None:
    """Show one project, by name or id, with its history."""

    async def work(app: App) -> dict[str, Any]:
        project = await app.find(name)
        history = await (await app.opened.registry()).history(project.id)
        events = [{"at": e.at.isoformat(), "actor": e.actor, "action": e.action} for e in history]
        return _shown(project) | {"history": events}

    found = session.run(work)
    if as_json:
        print_json(found)
        return
    for key, value in found.items():
        if key != "history":
            click.echo(f"{key}: {value}")
    for event in found["history"]:
        click.echo(f"  {event['at']}  {event['action']}  by {event['actor']}")


@projects.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(session: Session, *, name: str, yes: bool) -> None:
    """Hide a project and free its name and folders; its data stays until it is purged."""

    async def work(app: App) -> None:
        project = await app.find(name)
        _confirm(f"delete project {project.name!r}? its data is kept", yes=yes)
        await (await app.projects()).delete(project)
        click.echo(f"deleted {project.name!r}; codebase-core projects purge {project.id} drops its data", err=True)

    session.run(work)


@projects.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def purge(session: Session, *, name: str, yes: bool) -> None:
    """Drop a project's database or schema and forget it. A deleted project is named by its id."""

    async def work(app: App) -> None:
        project = await app.find_any(name)
        where = " ".join(f"{key} {value}" for key, value in project.binding.location.items())
        _confirm(f"drop project {project.name!r} and all of its data ({where})?", yes=yes)
        await (await app.projects()).purge(project)
        click.echo(f"purged {project.name!r}", err=True)

    session.run(work)


@projects.command()
@json_option
@click.pass_obj
def verify(session: Session, *, as_json: bool) -> int:
    """Compare the registry with the servers; exit code 1 if they disagree."""
    found = session.run(lambda app: app.verify())
    print_problems(found, as_json=as_json, none="registry and servers agree")
    return 1 if found else 0


@projects.command()
@click.option(
    "--drop-orphans", is_flag=True, help="Also drop marked databases and schemas that no record of this registry names."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def repair(session: Session, *, drop_orphans: bool, yes: bool) -> int:
    """Mend what verify finds. What no record names is dropped only on request: it may be another registry's."""

    async def work(app: App) -> int:
        left = 0
        for problem in await app.verify():
            if problem.repair == "drop" and drop_orphans:
                _confirm(f"drop {problem.where}?", yes=yes)
            done = await app.repair(problem, drop=drop_orphans)
            left += done is None
            click.echo(done or f"left alone: {problem.message}")
        return left

    return 1 if session.run(work) else 0


def print_problems(problems: list[Problem], *, as_json: bool, none: str) -> None:
    """Print problems, each with what mends it."""
    if as_json:
        keys = ("kind", "where", "message", "command", "sql")
        print_json([{key: getattr(problem, key) for key in keys} for problem in problems])
        return
    for problem in problems:
        click.echo(f"{problem.where}: {problem.message}")
        for step in filter(None, (problem.command, problem.sql)):
            click.echo(f"  {step}")
    if not problems:
        click.echo(none, err=True)


def _confirm(question: str, *, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True, err=True)


def _shown(project: Project) -> dict[str, Any]:
    return {
        "name": project.name,
        "id": str(project.id),
        "status": project.status,
        "description": project.description,
        "store": project.binding.store,
        "server": project.binding.server,
        "location": dict(project.binding.location),
        "created_at": project.created_at.isoformat(),
        "deleted_at": project.deleted_at.isoformat() if project.deleted_at else None,
    }
