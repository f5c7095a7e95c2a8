"""``codebase-core projects``: delete and purge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .asking import confirm

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.cli.session import Session


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(session: Session, *, name: str, yes: bool) -> None:
    """Hide a project and free its name and folders; its data stays until it is purged."""

    async def work(app: App) -> None:
        project = await app.find(name)
        confirm(f"delete project {project.name!r}? its data is kept", yes=yes)
        await (await app.projects()).delete(project)
        click.echo(f"deleted {project.name!r}; codebase-core projects purge {project.id} drops its data", err=True)

    session.run(work)


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def purge(session: Session, *, name: str, yes: bool) -> None:
    """Drop a project's database or schema and forget it. A deleted project is named by its id."""

    async def work(app: App) -> None:
        project = await app.find_any(name)
        where = " ".join(f"{key} {value}" for key, value in project.binding.location.items())
        confirm(f"drop project {project.name!r} and all of its data ({where})?", yes=yes)
        await (await app.projects()).purge(project)
        click.echo(f"purged {project.name!r}", err=True)

    session.run(work)
