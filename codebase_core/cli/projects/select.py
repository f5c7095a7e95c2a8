"""``codebase-core projects``: which one is meant, and which one is in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from codebase_core_hookspecs import CodebaseCoreError

from codebase_core.cli.options import json_option, project_argument, project_option
from codebase_core.cli.output import print_json, print_table, printable

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App
    from codebase_core.cli.session import CliSession
    from codebase_core.projects.resolution import Resolution, Step


@click.command()
@click.argument("path", default=".", metavar="[PATH]")
@project_option
@click.option("--write", is_flag=True, help="Answer as for index, which is stricter than searching.")
@click.option("--explain", is_flag=True, help="Ask every tier, and show what each saw.")
@json_option
@click.pass_obj
def which(session: CliSession, *, path: str, project: str | None, write: bool, explain: bool, as_json: bool) -> None:
    """Say which project a folder means, and why. Exit code 1 if none is meant."""
    intent: Literal["read", "write"] = "write" if write else "read"

    async def work(app: App) -> tuple[Resolution | CodebaseCoreError, list[Step]]:
        steps = await app.explain(Path(path), project=project, intent=intent) if explain else []
        try:
            return await app.resolve(Path(path), project=project, intent=intent), steps
        except CodebaseCoreError as exc:
            return exc, steps

    answer, steps = session.run(work)
    resolution = answer if not isinstance(answer, CodebaseCoreError) else None
    if as_json:
        print_json(_answer(resolution) | ({"tiers": [_step(each) for each in steps]} if explain else {}))
    elif explain:
        rows = [(s.tier, s.outcome, s.project.name if s.project else "-", s.detail) for s in steps]
        print_table(("TIER", "OUTCOME", "PROJECT", "SAW"), rows)
    if isinstance(answer, CodebaseCoreError):
        raise answer
    name = answer.require_project().name
    if not as_json:
        click.echo(name, err=explain)
        click.echo(f"by {answer.tier}: {printable(answer.evidence)}", err=True)


@click.command()
@project_argument(required=False)
@click.option("--none", "nothing", is_flag=True, help="Use no project any more.")
@json_option
@click.pass_obj
def use(session: CliSession, *, name: str | None, nothing: bool, as_json: bool) -> None:
    """Choose the project to read where nothing else names one. Without NAME, show it."""
    if name is not None and nothing:
        raise click.UsageError("NAME and --none exclude each other")

    async def work(app: App) -> Project | None:
        return await app.active() if name is None and not nothing else await app.use(name)

    found = session.run(work)
    if as_json:
        print_json({"project": {"name": found.name, "id": str(found.id)} if found else None})
    else:
        click.echo(found.name if found else "no project is in use", err=found is None)


def _answer(resolution: Resolution | None) -> dict[str, Any]:
    project = resolution.project if resolution else None
    return {
        "project": {"name": project.name, "id": str(project.id)} if project else None,
        "tier": resolution.tier if resolution else None,
        "evidence": resolution.evidence if resolution else None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "tier": step.tier,
        "outcome": step.outcome,
        "project": step.project.name if step.project else None,
        "detail": step.detail,
    }
