"""``codebase-core doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import json_option
from .output import print_json
from .projects.repair import print_problems

if TYPE_CHECKING:
    from .session import CliSession


@click.command()
@click.option("--sql", "only_sql", is_flag=True, help="Print what an administrator has to run once, and nothing else.")
@json_option
@click.pass_obj
def doctor(session: CliSession, *, only_sql: bool, as_json: bool) -> int:
    """Check settings, plugins, servers, rights, registry, embedder and this folder; exit code 1 if something is wrong."""
    checks = session.run(lambda app: app.doctor())
    problems = [problem for check in checks for problem in check.problems]
    if only_sql:
        for sql in dict.fromkeys(problem.sql for problem in problems if problem.sql):
            click.echo(sql)
        return 0
    if as_json:
        print_json([check.as_dict() for check in checks])
    else:
        for check in checks:
            mark = click.style("ok  ", fg="green") if not check.problems else click.style("FAIL", fg="red")
            click.echo(f"{mark} {check.name}: {check.detail}")
        print_problems(problems, as_json=False, none="all is well")
    return 1 if problems else 0
