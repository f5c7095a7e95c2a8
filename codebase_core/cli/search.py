"""``codebase-core search``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .answers import FORMATS, print_answer
from .session import Session, folder_option, json_option, project_option

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.search.answer import Answer


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("-k", "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Most hits.")
@click.option("--lang", multiple=True, metavar="NAME", help="Only files of a language; may be repeated.")
@click.option("--path", multiple=True, metavar="GLOB", help="Only paths that match, as src/**/*.py or a folder's name.")
@click.option("--repo", multiple=True, metavar="NAME", help="Only a repository of the project.")
@project_option
@folder_option
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@json_option
@click.option("--full", is_flag=True, help="Print whole passages, not the lines that match best.")
@click.option("--explain", is_flag=True, help="Show every stage of a score.")
@click.option("--without", multiple=True, metavar="STAGE", help="Leave out a stage of ranking, to measure it.")
@click.pass_obj
def search(
    session: Session,
    *,
    query: tuple[str, ...],
    limit: int,
    lang: tuple[str, ...],
    path: tuple[str, ...],
    repo: tuple[str, ...],
    project: str | None,
    folder: str,
    form: str,
    as_json: bool,
    full: bool,
    explain: bool,
    without: tuple[str, ...],
) -> None:
    """Ask a question in words, or for a symbol by name.

    With - as QUERY, one query a line is read from stdin and one JSON object a line is printed.
    """
    from codebase_core_hookspecs import Filters  # noqa: PLC0415

    from codebase_core.search.ranking import STAGES  # noqa: PLC0415

    if set(without) - STAGES:
        raise click.BadParameter(f"known stages: {', '.join(sorted(STAGES))}", param_hint="--without")
    filters = Filters(languages=frozenset(lang), path_globs=path, repositories=frozenset(repo))
    text = " ".join(query)
    streamed = text == "-"
    form = "json" if as_json or streamed else form

    def show(answer: Answer) -> None:
        print_answer(answer, form=form, explain=explain, full=full, line=streamed)

    async def work(app: App) -> None:
        resolution = await app.resolve(Path(folder), project=project)
        for each in sys.stdin if streamed else [text]:
            asked = each.rstrip("\n")
            if asked or not streamed:
                stages = STAGES - set(without)
                show(await app.search_in(resolution, asked, limit=limit, filters=filters, stages=stages))

    session.run(work)
