"""``codebase-core search``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from .answer_options import AnswerOptions, many_answer_options
from .completion import complete_kinds
from .refreshed import RefreshedSearcher

if TYPE_CHECKING:
    from codebase_core_hookspecs import SearchRequest, SymbolRequest

    from codebase_core.app import App

    from .session import CliSession


def _joined(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> str:
    if not (query := " ".join(words)).strip():
        raise click.BadParameter("it is empty")
    return query


@click.command()
@click.argument("query", nargs=-1, required=True, callback=_joined)
@click.option(
    "--symbol", is_flag=True, help="Look QUERY up as a name that is defined: send, Client.send, parse_*, *HTTP*."
)
@click.option(
    "--kind",
    multiple=True,
    metavar="KIND",
    shell_complete=complete_kinds,
    help="With --symbol: only type (or class), function, method, const, namespace, impl, decl, field; may be repeated.",
)
@many_answer_options
@click.option("--explain", is_flag=True, help="Show every stage of a score.")
@click.option("--without", multiple=True, metavar="STAGE", help="Leave out a stage of ranking, to measure it.")
@click.option("--no-rerank", is_flag=True, help="Order hits by the rules alone, without the reranking model.")
@click.option(
    "--report", is_flag=True, help="With - as QUERY: take all of stdin as one question, a bug report for instance."
)
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
    no_rerank: bool,
    report: bool,
) -> None:
    """Ask a question in words, or for a symbol by name.

    What little has changed in the tree is indexed before. With - as QUERY, one query a line is read from stdin and one JSON
    object a line is printed; with --report beside it, stdin is one question of many lines. Asked of several projects, which
    are not looked at before, hits are merged by relevance.
    """
    if kind and not symbol:
        raise click.UsageError("--kind needs --symbol")
    if report and query != "-":
        raise click.UsageError("--report needs - as QUERY")
    query = sys.stdin.read().strip() if report else query
    streamed = query == "-" and not report
    left_out = frozenset([*without, "rerank"] if no_rerank else without)

    async def work(app: App) -> None:
        searcher = None
        if not options.many:
            searcher = await RefreshedSearcher.of(
                app, options.folder, project=options.project, no_refresh=options.no_refresh
            )
        for line in sys.stdin if streamed else [query]:
            asked = line.rstrip("\n")
            if not asked and streamed:
                continue
            request = _request(
                asked,
                options,
                symbol=symbol,
                kinds=frozenset(kind),
                without=left_out,
            )
            if searcher is not None:
                options.show(await searcher.ask(request), explain=explain, line=streamed)
            else:
                from .federated import print_federated_answer  # noqa: PLC0415 - seldom

                answer = await app.search_projects(request, projects=None if options.every else options.projects)
                print_federated_answer(answer, options, explain=explain, line=streamed)

    session.run(work)


def _request(
    asked: str, options: AnswerOptions, *, symbol: bool, kinds: frozenset[str], without: frozenset[str]
) -> SearchRequest | SymbolRequest:
    from codebase_core_hookspecs import SearchRequest, SymbolRequest  # noqa: PLC0415 - not for --help

    if symbol:
        return SymbolRequest(asked, **options.fields, kinds=kinds)
    return SearchRequest(asked, **options.fields, without=without)
