"""``codebase-core projects list``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from codebase_core_hookspecs import ProjectPage, ProjectQuery

from codebase_core.cli.options import json_option
from codebase_core.cli.output import ago, print_json, print_table

from .record import record_as_dict

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.cli.session import CliSession


@click.command("list")
@click.option("--text", metavar="TEXT", help="Only those with this in name, description or a tag.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only those with this tag; may be repeated.")
@click.option("--any", "any_tag", is_flag=True, help="With one of the tags, not all of them.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(["provisioning", "active", "dropping", "failed"]),
    help="Only projects in this state; may be given several times.",
)
@click.option("--deleted", is_flag=True, help="Deleted projects, whose data is still there.")
@click.option(
    "--sort", type=click.Choice(["created", "updated", "name"]), default="created", show_default=True, help="Order."
)
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(1), help="Most projects; with --json, an object with the next cursor.")
@click.option("--cursor", help="Where the page before ended.")
@json_option
@click.pass_obj
def list_projects(
    session: CliSession,
    /,
    *,
    tags: tuple[str, ...],
    any_tag: bool,
    statuses: tuple[Any, ...],
    as_json: bool,
    **query: Any,
) -> None:
    """List projects, newest first."""
    asked = ProjectQuery(tags=frozenset(tags), match="any" if any_tag else "all", statuses=frozenset(statuses), **query)

    async def work(app: App) -> ProjectPage:
        return await (await app.projects()).page(asked)

    found = session.run(work)
    if as_json:
        rows = [record_as_dict(project) for project in found.projects]
        print_json(rows if asked.limit is None else {"projects": rows, "cursor": found.cursor})
    elif found.projects:
        table = [
            (
                p.name,
                p.status,
                p.binding.store,
                p.binding.server,
                ago(p.deleted_at or p.created_at),
                ",".join(sorted(p.tags)) or "-",
                p.id,
            )
            for p in found.projects
        ]
        since = "DELETED" if asked.deleted else "CREATED"
        print_table(("NAME", "STATUS", "STORE", "SERVER", since, "TAGS", "ID"), table)
        if found.cursor:
            click.echo(f"more: --cursor {found.cursor}", err=True)
    elif asked == ProjectQuery(sort=asked.sort, reverse=asked.reverse, limit=asked.limit):
        click.echo("no projects; codebase-core index makes one", err=True)
    else:
        click.echo("no project matches these filters; codebase-core projects list shows all", err=True)
