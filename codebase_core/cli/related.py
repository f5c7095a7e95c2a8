"""``codebase-core related``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .answer_options import AnswerOptions, answer_options
from .refreshed import RefreshedSearcher

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer

    from codebase_core.app import App

    from .session import CliSession


@click.command()
@click.argument("place", metavar="FILE:LINE")
@answer_options
@click.pass_obj
def related(session: CliSession, *, place: str, options: AnswerOptions) -> None:
    """Show code that resembles what stands at a line of a file."""
    file, separator, line = place.rpartition(":")
    if not separator or not line.isdecimal() or int(line) < 1:
        raise click.BadParameter("write it as src/pool.py:42", param_hint="FILE:LINE")

    from codebase_core_hookspecs import RelatedRequest  # noqa: PLC0415 - not for --help

    request = RelatedRequest(file, int(line), **options.fields)

    async def work(app: App) -> Answer:
        searcher = await RefreshedSearcher.of(
            app, options.folder, project=options.project, no_refresh=options.no_refresh
        )
        return await searcher.ask(request)

    options.show(session.run(work))
