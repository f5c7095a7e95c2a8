"""``codebase-core projects show`` and ``history``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from codebase_core.cli.options import json_option, project_argument
from codebase_core.cli.output import print_json, print_table, printable, readable

from .record import record_as_dict

if TYPE_CHECKING:
    from codebase_core_hookspecs import AuditEntry

    from codebase_core.app import App
    from codebase_core.cli.session import CliSession


_LONGEST = 100
_EVENT = ("WHEN", "ACTION", "BY", "WHAT")


@click.command()
@project_argument()
@json_option
@click.pass_obj
def show(session: CliSession, *, name: str, as_json: bool) -> None:
    """Show one project with its checkouts and its last ten changes."""

    async def work(app: App) -> dict[str, Any]:
        project = await app.find_any(name)
        registry = await app.engine.registry()
        checkouts = [each for each in await registry.all_checkouts() if each.project == project.id]
        return record_as_dict(project) | {
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
def history(session: CliSession, *, name: str | None, limit: int, as_json: bool) -> None:
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
