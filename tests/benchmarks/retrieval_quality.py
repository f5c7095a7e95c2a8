"""Score retrieval end to end: index every tree of the benchmark into a project of its own, ask every query, print NDCG@10.

    python tests/benchmarks/retrieval_quality.py TREES [--bench ../shared/bench] [--queries FILE] [--lines]
                                                 [--repos NAME …] [--embedder PLUGIN:MODEL]
                                                 [--store postgres-database] [--without STAGE …] [--disable PLUGIN …]

TREES is what ``checkout.py`` (or ``make_functions.py``, with --queries and --lines) of the benchmark wrote, or the trees of
``tests.benchmarks.changes``, whose folder is then the --bench. Everything goes
through the installed package and a PostgreSQL of its own in --home, which a second run finds again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.search.service import STAGES

BENCH = Path(__file__).parents[3] / "shared" / "bench"


async def ask(args: argparse.Namespace) -> None:
    corpora = {corpus["name"]: corpus for corpus in json.loads((args.bench / "corpora.json").read_text())}
    queries = [json.loads(line) for line in args.queries.read_text().splitlines()]
    flags = {"home": args.home, "store": args.store, "embedder": args.embedder, "disable_plugins": tuple(args.disable)}
    settings = load_settings(flags=flags)
    total_chunks, total_seconds = 0, 0.0
    async with App(settings) as app:
        with args.out.open("w") as out:
            for name in dict.fromkeys(query["repo"] for query in queries):
                root = args.trees / name / corpora[name]["root"]
                project = f"{args.trees.name}-{name.replace('.', '-')}"
                report = await app.index(root, choices=Choices(project=project), force=args.force)
                total_chunks += report.progress.chunks
                total_seconds += report.progress.seconds
                for query in (query for query in queries if query["repo"] == name):
                    began = perf_counter()
                    answer = await app.search(query["query"], project=project, without=frozenset(args.without))
                    hits = [{"path": h.path, "start": h.start_line, "end": h.end_line} for h in answer.hits]
                    row = {
                        "repo": name,
                        "query": query["query"],
                        "results": hits,
                        "query_ms": 1000 * (perf_counter() - began),
                    }
                    out.write(json.dumps(row) + "\n")
    if total_chunks:
        print(f"indexed {total_chunks:,} chunks in {total_seconds:.1f} s: {total_chunks / total_seconds:,.0f} a second")


def score(args: argparse.Namespace) -> None:
    command = [sys.executable, args.scorer, args.out, "--queries", args.queries]
    subprocess.run([*command, *(["--lines"] if args.lines else []), *args.score], check=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--scorer", type=Path, default=BENCH / "score.py")
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--repos", nargs="*", help="a sample: only these repositories")
    parser.add_argument("--lines", action="store_true", help="passages must lie in the function, see score.py")
    parser.add_argument("--store", default="postgres-database")
    parser.add_argument("--embedder", default="static")
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(STAGES))
    parser.add_argument(
        "--disable", nargs="*", default=[], help="plugins to leave out, e.g. tree-sitter: all is cut by lines"
    )
    parser.add_argument("--force", action="store_true", help="index every file again")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "codebase-core-benchmark")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "retrieval_quality.jsonl")
    parser.add_argument("--score", nargs=argparse.REMAINDER, default=["--quiet"], help="further options of score.py")
    args = parser.parse_args()
    args.queries = args.queries or args.bench / "queries.jsonl"
    if args.repos:
        chosen = [line for line in args.queries.read_text().splitlines() if json.loads(line)["repo"] in args.repos]
        args.queries = args.out.with_suffix(".queries.jsonl")
        args.queries.write_text("\n".join(chosen) + "\n")
    return args


if __name__ == "__main__":
    chosen = arguments()
    asyncio.run(ask(chosen))
    score(chosen)
