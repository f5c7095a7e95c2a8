"""``codebase-core projects``: list and show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codebase_core.cli.output import ago, print_json, print_table
from codebase_core.cli.session import Session, json_option

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App


@click.command("list")
@click.option("--deleted", is_flag=True, help="Deleted projects, whose data is still there.")
@json_option
@click.pass_obj
def list_projects(session: Session, *, deleted: bool, as_json: bool) -> None:
    """List projects, newest first."""

    async def work(app: App) -> list[Project]:
        return list(await (await app.opened.registry()).list(deleted=deleted))

    found = session.run(work)
    if as_json:
        print_json([shown(project) for project in found])
    elif found:
        rows = [(p.name, p.status, p.binding.store, p.binding.server, ago(p.created_at), p.id) for p in found]
        print_table(("NAME", "STATUS", "STORE", "SERVER", "CREATED", "ID"), rows)
    else:
        click.echo("no projects; codebase-core index makes one", err=True)


@click.command()
@click.argument("name")
@json_option
@click.pass_obj
def show(session: Session, *, name: str, as_json: bool) -> None:
    """Show one project, by name or id, with its history."""

    async def work(app: App) -> dict[str, Any]:
        project = await app.find(name)
        history = await (await app.opened.registry()).history(project.id)
        events = [{"at": e.at.isoformat(), "actor": e.actor, "action": e.action} for e in history]
        return shown(project) | {"history": events}

    found = session.run(work)
    if as_json:
        print_json(found)
        return
    for key, value in found.items():
        if key != "history":
            click.echo(f"{key}: {value}")
    for event in found["history"]:
        click.echo(f"  {event['at']}  {event['action']}  by {event['actor']}")


def shown(project: Project) -> dict[str, Any]:
    """Return what ``--json`` prints of a record."""
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
