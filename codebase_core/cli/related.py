"""``codebase-core related``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .asking import Asking, answer_options

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.search.answer import Answer

    from .session import Session


@click.command()
@click.argument("place", metavar="FILE:LINE")
@answer_options
@click.pass_obj
def related(session: Session, *, place: str, asking: Asking) -> None:
    """Show code that resembles what stands at a line of a file."""
    file, separator, line = place.rpartition(":")
    if not separator or not line.isdecimal() or int(line) < 1:
        raise click.BadParameter("write it as src/pool.py:42", param_hint="FILE:LINE")

    async def work(app: App) -> Answer:
        searcher = await app.searcher(await app.resolve(asking.folder, project=asking.project))
        return await searcher.related(
            file, int(line), folder=asking.folder, limit=asking.limit, filters=asking.filters, excerpt=asking.excerpt
        )

    asking.show(session.run(work))
