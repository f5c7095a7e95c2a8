"""``codebase-core search``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from .asking import Asking, answer_options

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.questions import Questions
    from codebase_core.search.answer import Answer

    from .session import Session


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--symbol", is_flag=True, help="Look QUERY up as a name that is defined: send, Client.send, parse_*.")
@click.option("--kind", multiple=True, metavar="KIND", help="With --symbol: only function, method, type, const, ….")
@answer_options
@click.option("--explain", is_flag=True, help="Show every stage of a score.")
@click.option("--without", multiple=True, metavar="STAGE", help="Leave out a stage of ranking, to measure it.")
@click.pass_obj
def search(
    session: Session,
    *,
    query: tuple[str, ...],
    symbol: bool,
    kind: tuple[str, ...],
    asking: Asking,
    explain: bool,
    without: tuple[str, ...],
) -> None:
    """Ask a question in words, or for a symbol by name.

    With - as QUERY, one query a line is read from stdin and one JSON object a line is printed.
    """
    from codebase_core.search.ranking import STAGES  # noqa: PLC0415

    if set(without) - STAGES:
        raise click.BadParameter(f"known stages: {', '.join(sorted(STAGES))}", param_hint="--without")
    if kind and not symbol:
        raise click.UsageError("--kind needs --symbol")
    text = " ".join(query)
    streamed = text == "-"

    async def ask(questions: Questions, text: str) -> Answer:
        if symbol:
            return await questions.symbol(
                text, limit=asking.limit, kinds=frozenset(kind), filters=asking.filters, excerpt=asking.excerpt
            )
        return await questions.search(
            text, limit=asking.limit, filters=asking.filters, stages=STAGES - set(without), excerpt=asking.excerpt
        )

    async def work(app: App) -> None:
        resolution = await app.resolve(asking.folder, project=asking.project)
        questions = await app.questions(resolution)
        for each in sys.stdin if streamed else [text]:
            asked = each.rstrip("\n")
            if asked or not streamed:
                asking.show(await ask(questions, asked), explain=explain, line=streamed)

    session.run(work)
