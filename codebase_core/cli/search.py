"""``codebase-core search``."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from .answer_options import AnswerOptions, many_answer_options

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.search.answer import Answer
    from codebase_core.search.searcher import Searcher

    from .session import CliSession


def _joined(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> str:
    if not (query := " ".join(words)).strip():
        raise click.BadParameter("it is empty")
    return query


@click.command()
@click.argument("query", nargs=-1, required=True, callback=_joined)
@click.option("--symbol", is_flag=True, help="Look QUERY up as a name that is defined: send, Client.send, parse_*.")
@click.option("--kind", multiple=True, metavar="KIND", help="With --symbol: only function, method, type, const, ….")
@many_answer_options
@click.option("--explain", is_flag=True, help="Show every stage of a score.")
@click.option("--without", multiple=True, metavar="STAGE", help="Leave out a stage of ranking, to measure it.")
@click.pass_obj
def search(
    session: CliSession,
    *,
    query: str,
    symbol: bool,
    kind: tuple[str, ...],
    options: AnswerOptions,
    explain: bool,
    without: tuple[str, ...],
) -> None:
    """Ask a question in words, or for a symbol by name.

    With - as QUERY, one query a line is read from stdin and one JSON object a line is printed. Asked of several projects, hits
    are merged by their ranks.
    """
    from codebase_core.search.ranking import STAGES  # noqa: PLC0415

    if set(without) - STAGES:
        raise click.BadParameter(f"known stages: {', '.join(sorted(STAGES))}", param_hint="--without")
    if kind and not symbol:
        raise click.UsageError("--kind needs --symbol")
    streamed = query == "-"

    async def ask(searcher: Searcher, text: str) -> Answer:
        if symbol:
            return await searcher.symbol(
                text, limit=options.limit, kinds=frozenset(kind), filters=options.filters, excerpt=options.excerpt
            )
        return await searcher.search(
            text, limit=options.limit, filters=options.filters, stages=STAGES - set(without), excerpt=options.excerpt
        )

    async def work(app: App) -> None:
        searcher = None
        if not options.many:
            searcher = await app.searcher(await app.resolve(options.folder, project=options.project))
        for each in sys.stdin if streamed else [query]:
            asked = each.rstrip("\n")
            if not asked and streamed:
                continue
            if searcher is not None:
                options.show(await ask(searcher, asked), explain=explain, line=streamed)
            else:
                await _search_projects(app, asked, ask, options, explain=explain, line=streamed)

    session.run(work)


async def _search_projects(
    app: App,
    asked: str,
    ask: Callable[[Searcher, str], Awaitable[Answer]],
    options: AnswerOptions,
    *,
    explain: bool,
    line: bool,
) -> None:
    from codebase_core.operations.federated_search import search_projects  # noqa: PLC0415 - seldom

    from .federated import print_answers  # noqa: PLC0415

    names = None if options.every else options.projects
    answers = await search_projects(app.engine, names, asked, lambda searcher: ask(searcher, asked))
    print_answers(answers, options, explain=explain, line=line)
