"""``codebase-core evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import folder_option, json_option
from .output import counted, print_json, print_table, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codebase_core.app import App
    from codebase_core.evaluation.report import Evaluation

    from .session import CliSession


@click.command()
@click.argument("queries", type=click.Path(path_type=Path))
@click.option("-k", type=click.IntRange(1, 1000), default=10, show_default=True, help="Hits of an answer that count.")
@click.option("--project", multiple=True, metavar="NAME", help="Ask this project; repeat it to compare embedders.")
@click.option("--without", multiple=True, metavar="STAGE", help="Also ask with a stage of ranking left out.")
@click.option("--reranker", multiple=True, metavar="PLUGIN", help="Also ask with this reranker, for example 'code'.")
@click.option(
    "--plot", "picture", type=click.Path(path_type=Path), metavar="FILE", help="Draw the scores, .png or .svg."
)
@click.option("--missed", is_flag=True, help="List the queries whose answer held no target.")
@folder_option
@json_option
@click.pass_obj
def evaluate(
    session: CliSession,
    *,
    queries: Path,
    k: int,
    project: tuple[str, ...],
    without: tuple[str, ...],
    reranker: tuple[str, ...],
    picture: Path | None,
    missed: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Score answers to queries of your own whose answers you know.

    QUERIES has one JSON object a line: query, relevant (paths, or objects with path, start and end), and category and language
    if you want to see scores by them.
    """
    from codebase_core.evaluation.plot import plot  # noqa: PLC0415
    from codebase_core.evaluation.queries import read_queries  # noqa: PLC0415
    from codebase_core.evaluation.report import Variant, unknown_paths  # noqa: PLC0415
    from codebase_core.evaluation.report import evaluate as evaluated  # noqa: PLC0415
    from codebase_core.search.service import STAGES  # noqa: PLC0415

    if set(without) - STAGES:
        raise click.BadParameter(f"known stages: {', '.join(sorted(STAGES))}", param_hint="--without")
    labelled = read_queries(queries)

    async def work(app: App) -> list[Evaluation]:
        results = []
        for name in project or (None,):
            resolution = await app.resolve(Path(folder), project=name)
            searcher = await app.searcher(resolution)
            title = resolution.require_project().name
            for path in await unknown_paths(searcher, labelled):
                click.echo(f"{title}: {printable(path)} is not indexed, so no answer can hold it", err=True)
            variants = [Variant(name=title, searcher=searcher)]
            variants += [
                Variant(name=f"{title} without {stage}", searcher=searcher, without=frozenset({stage}))
                for stage in without
            ]
            variants += [
                Variant(name=f"{title} with {model}", searcher=await app.searcher(resolution, reranker=model))
                for model in reranker
            ]
            results += [await evaluated(variant, labelled, k=k) for variant in variants]
        return results

    results = session.run(work)
    if picture is not None:
        plot(results, picture, k=k)
    if as_json:
        print_json({"k": k, "queries": len(labelled), "variants": [each.as_dict() for each in results]})
        return
    _print(results, k=k, count=len(labelled))
    for each in results if missed else ():
        for query in each.missed:
            click.echo(f"{each.name} missed: {query}")


def _print(results: Sequence[Evaluation], *, k: int, count: int) -> None:
    headings = ["variant", "embedder", f"NDCG@{k}", f"recall@{k}", "MRR", "ms"]
    print_table(
        headings,
        [
            [
                each.name,
                each.embedder,
                f"{each.overall.ndcg:.3f}",
                f"{each.overall.recall:.3f}",
                f"{each.overall.mrr:.3f}",
                f"{each.milliseconds:.1f}",
            ]
            for each in results
        ],
    )
    for title, groups in (
        ("category", [each.by_category for each in results]),
        ("language", [each.by_language for each in results]),
    ):
        names = sorted({name for group in groups for name in group})
        if names:
            click.echo()
            rows = [[name, *(f"{group[name].ndcg:.3f}" for group in groups)] for name in names]
            print_table([title, *(f"NDCG@{k} {each.name}" for each in results)], rows)
    click.echo(counted(count, "query") if count == 1 else f"{count:,} queries", err=True)
