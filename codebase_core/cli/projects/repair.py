"""``codebase-core projects``: verify and repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codebase_core.cli.options import json_option
from codebase_core.cli.output import print_json, printable

from .confirm import agreed

if TYPE_CHECKING:
    from codebase_core_hookspecs import Problem

    from codebase_core.app import App
    from codebase_core.cli.session import CliSession


@click.command()
@json_option
@click.pass_obj
def verify(session: CliSession, *, as_json: bool) -> int:
    """Compare the registry with the servers. Exit code 1 if they disagree."""
    found = session.run(lambda app: app.verify())
    print_problems(found, as_json=as_json, none="registry and servers agree")
    return 1 if found else 0


@click.command()
@click.option(
    "--drop-orphans", is_flag=True, help="Also drop marked databases and schemas that no record of this registry names."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def repair(session: CliSession, *, drop_orphans: bool, yes: bool, as_json: bool) -> int:
    """Mend what verify finds. What no record names is dropped only on request: it may be another registry's."""

    async def work(app: App) -> int:
        ends: list[dict[str, str | None]] = []
        for problem in await app.verify():
            drop = drop_orphans and problem.repair == "drop" and agreed(f"drop {problem.where}?", yes=yes)
            done = await app.repair(problem, drop=drop)
            ends.append({"kind": problem.kind, "where": problem.where, "message": problem.message, "done": done})
            if not as_json:
                click.echo(printable(done or f"left alone: {problem.message}"))
        if as_json:
            print_json(ends)
        elif not ends:
            click.echo("nothing to repair: registry and servers agree", err=True)
        return sum(end["done"] is None for end in ends)

    return 1 if session.run(work) else 0


def print_problems(problems: list[Problem], *, as_json: bool, none: str) -> None:
    """Print problems, each with what repairs it."""
    if as_json:
        keys = ("kind", "where", "message", "command", "sql")
        print_json([{key: getattr(problem, key) for key in keys} for problem in problems])
        return
    for problem in problems:
        told = problem.where in problem.message
        click.echo(printable(problem.message if told else f"{problem.where}: {problem.message}"))
        for step in filter(None, (problem.command, problem.sql)):
            click.echo(f"  {step}")
    if not problems:
        click.echo(none, err=True)
