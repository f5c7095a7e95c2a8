"""``codebase-core projects``: list, show, history and stats."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from codebase_core_hookspecs import AuditEntry, ProjectPage, ProjectQuery

from codebase_core.cli.output import ago, counted, print_json, print_table, printable, readable
from codebase_core.cli.session import Session, json_option

from .names import project_argument

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App
    from codebase_core.projects.survey import Survey


@click.command("list")
@click.option("--text", metavar="TEXT", help="Only those with this in name, description or a tag.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only those with this tag; may be repeated.")
@click.option("--any", "any_tag", is_flag=True, help="With one of the tags, not all of them.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(["provisioning", "active", "dropping", "failed"])
)
@click.option("--deleted", is_flag=True, help="Deleted projects, whose data is still there.")
@click.option("--sort", type=click.Choice(["created", "updated", "name"]), default="created", show_default=True)
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(1), help="Most projects; with --json, an object with the next cursor.")
@click.option("--cursor", help="Where the page before ended.")
@json_option
@click.pass_obj
def list_projects(
    session: Session, /, *, tags: tuple[str, ...], any_tag: bool, statuses: tuple[Any, ...], as_json: bool, **query: Any
) -> None:
    """List projects, newest first."""
    asked = ProjectQuery(tags=frozenset(tags), match="any" if any_tag else "all", statuses=frozenset(statuses), **query)

    async def work(app: App) -> ProjectPage:
        return await (await app.projects()).page(asked)

    found = session.run(work)
    if as_json:
        rows = [shown(project) for project in found.projects]
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
        click.echo("no project is like that; codebase-core projects list shows all", err=True)


@click.command()
@project_argument()
@json_option
@click.pass_obj
def show(session: Session, *, name: str, as_json: bool) -> None:
    """Show one project with its checkouts and its last ten changes."""

    async def work(app: App) -> dict[str, Any]:
        project = await app.find_any(name)
        registry = await app.engine.registry()
        checkouts = [each for each in await registry.all_checkouts() if each.project == project.id]
        return shown(project) | {
            "checkouts": [{"root": c.root, "machine": str(c.machine), "home": c.home} for c in checkouts],
            "history": [_event(each, project.name) for each in await registry.history(project.id, limit=10)],
        }

    found = session.run(work)
    if as_json:
        print_json(found)
        return
    for key, value in found.items():
        if value and key not in ("history", "checkouts"):
            click.echo(f"{key}: {_moment(value) if key.endswith('_at') else readable(value)}")
    for each in found["checkouts"]:
        click.echo(f"checkout: {printable(each['root'])}{'' if each['home'] else ' (at home elsewhere)'}")
    print_table(_EVENT, [_row(event) for event in found["history"]])


@click.command()
@project_argument(required=False)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Most changes, the newest.")
@json_option
@click.pass_obj
def history(session: Session, *, name: str | None, limit: int, as_json: bool) -> None:
    """Show who changed what and when, of one project or of all. A purged project is named by its id."""

    async def work(app: App) -> list[dict[str, Any]]:
        project = await app.id_of(name) if name is not None else None
        found = await (await app.projects()).history(project, limit=limit)
        registry = await app.engine.registry()
        known = {id: await registry.get(id) for id in {each.project for each in found}}
        names = {id: project.name if project else None for id, project in known.items()}
        return [_event(each, names[each.project]) for each in found]

    found = session.run(work)
    if as_json:
        print_json(found)
    elif found:
        rows = [(event["name"] or event["project"], *_row(event)) for event in found]
        print_table(("PROJECT", *_EVENT), rows)
    else:
        click.echo("nothing has changed yet", err=True)


@click.command()
@click.option("--days", type=click.IntRange(0, 36_500), default=30, show_default=True, help="Older indexes are stale.")
@json_option
@click.pass_obj
def stats(session: Session, *, days: int, as_json: bool) -> None:
    """Count projects and what each holds. Those not indexed for long, or whose root is gone, are stale."""
    found: Survey = session.run(lambda app: app.survey(days=days))
    totals = found.as_dict()
    if as_json:
        print_json(totals)
        return
    by_status = ", ".join(f"{count:,} {status}" for status, count in found.statuses.items()) or "no projects"
    click.echo(f"{by_status}; {found.deleted:,} deleted")
    click.echo(
        f"{counted(totals['files'], 'file')}, {counted(totals['chunks'], 'chunk')}, {_megabytes(totals['bytes'])} of source, "
        f"{_megabytes(totals['bytes_stored'])} on disk"
    )
    if found.projects:
        rows = [
            (
                each.project.name,
                f"{each.files:,}",
                f"{each.chunks:,}",
                _megabytes(each.bytes_stored),
                ago(each.indexed_at),
                each.problem or each.stale or "-",
            )
            for each in found.projects
        ]
        print_table(("NAME", "FILES", "CHUNKS", "ON DISK", "INDEXED", "STALE"), rows)


def shown(project: Project) -> dict[str, Any]:
    """Return what ``--json`` prints of a record."""
    return {
        "name": project.name,
        "id": str(project.id),
        "status": project.status,
        "description": project.description,
        "tags": sorted(project.tags),
        "metadata": dict(project.metadata),
        "store": project.binding.store,
        "server": project.binding.server,
        "location": dict(project.binding.location),
        "created_at": project.created_at.isoformat(),
        "updated_at": project.updated_at.isoformat(),
        "deleted_at": project.deleted_at.isoformat() if project.deleted_at else None,
    }


_LONGEST = 100
_EVENT = ("WHEN", "ACTION", "BY", "WHAT")


def _event(entry: AuditEntry, name: str | None) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "project": str(entry.project),
        "name": name,
        "actor": entry.actor,
        "action": entry.action,
        "detail": dict(entry.detail),
    }


def _row(event: dict[str, Any]) -> tuple[str, ...]:
    what = "; ".join(f"{key} {_change(value)}" for key, value in event["detail"].items())
    return _moment(event["at"]), event["action"], event["actor"], what


def _change(value: Any) -> str:
    match value:
        case [before, after]:
            return f"{_short(readable(before))} → {_short(readable(after))}"
        case _:
            return _short(readable(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M:%S}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
