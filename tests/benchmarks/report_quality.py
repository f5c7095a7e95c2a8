"""Score bug reports end to end beside BM25 over whole files: index each issue's tree, ask its text, look for its fix's files.

    python -m tests.benchmarks.report_quality SNAPSHOTS OUT [--repos sphinx …] [--every 1] [--home DIR] [--without STAGE …]

OUT holds ``issues.jsonl`` of ``tests.benchmarks.issues``. A repository has one folder and one project, which go from base
commit to base commit; only changed files are indexed again. Printed are hit@1, 3, 5 and 10: the share of reports of which
one of the first k hits lies in a file that the fix changed; several hits of one file take several places. The same for BM25
(``pip install bm25s``, k₁ 1.5, b 0.75) over the whole source files of the tree, split into the terms that the product
searches. Then the share of reports of which the file, and the changed lines, are in an answer of 4,000 tokens; and the
median time of a question.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Any

import bm25s
from codebase_core_hookspecs import Excerpt, Hit

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.lexical.terms import count_terms
from codebase_core.search.service import STAGES

from .issues import REPOSITORIES
from .snapshots import Snapshot, source_language

KS = (1, 3, 5, 10)
TOKENS = 4_000


async def ask(args: argparse.Namespace) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (args.out / "issues.jsonl").read_text().splitlines()]
    results = []
    async with App(load_settings(flags={"home": args.home})) as app:
        for repository in REPOSITORIES:
            name = repository.rpartition("/")[2]
            if args.repos and name not in args.repos:
                continue
            snapshot, tree = Snapshot.of(args.snapshots, repository), args.out / "trees" / name
            before, project = None, Choices(project=f"issues-{name}")
            for row in [row for row in rows if row["repo"] == name][:: args.every]:
                snapshot.move(tree, before, row["commit"])
                before = row["commit"]
                await app.index(tree, choices=project)
                results.append(
                    {**row, **await _answered(app, row, project.project, args), "bm25": by_bm25(tree, row["query"])}
                )
    return results


async def _answered(app: App, row: dict[str, Any], project: str, args: argparse.Namespace) -> dict[str, Any]:
    without = frozenset(args.without)
    began = perf_counter()
    answer = await app.search(row["query"], project=project, without=without)
    milliseconds = 1000 * (perf_counter() - began)
    short = await app.search(row["query"], project=project, without=without, excerpt=Excerpt(max_tokens=TOKENS))
    return {
        "hits": [hit.path for hit in answer.hits],
        "milliseconds": milliseconds,
        "file": any(hit.path == target["path"] for hit in short.hits for target in row["relevant"]),
        "lines": any(_shows(hit, target) for hit in short.hits for target in row["relevant"]),
    }


def _shows(hit: Hit, target: dict[str, Any]) -> bool:
    return hit.path == target["path"] and hit.start_line <= target["end"] and hit.end_line >= target["start"]


def by_bm25(tree: Path, query: str) -> list[str]:
    """Return the first ten source files by BM25 over whole files."""
    texts = {
        path.relative_to(tree).as_posix(): path.read_text(errors="replace")
        for path in sorted(tree.rglob("*"))
        if path.is_file() and source_language(path.relative_to(tree).as_posix())
    }
    words = [[term for term, times in count_terms(text).items() for _ in range(times)] for text in texts.values()]
    index = bm25s.BM25()
    index.index(words, show_progress=False)
    asked = [term for term, times in count_terms(query).items() for _ in range(times)]
    found, _ = index.retrieve([asked], corpus=list(texts), k=min(10, len(texts)), show_progress=False)
    return [str(path) for path in found[0]]


def show(results: Sequence[dict[str, Any]]) -> None:
    names = dict.fromkeys(row["repo"] for row in results)
    for name in [*names, None]:
        chosen = [row for row in results if name in (None, row["repo"])]
        print(f"{name or 'all'}: {len(chosen)} reports")
        for way in ("hits", "bm25"):
            print(f"  {way}: " + "  ".join(f"@{k} {fmean(_found(row, way, k) for row in chosen):.3f}" for k in KS))
        file, lines = (fmean(row[what] for row in chosen) for what in ("file", "lines"))
        print(f"  within {TOKENS:,} tokens: file {file:.3f}, changed lines {lines:.3f}")
        print(f"  p50 {median(row['milliseconds'] for row in chosen):.0f} ms")


def _found(row: dict[str, Any], way: str, k: int) -> bool:
    return any(target["path"] in row[way][:k] for target in row["relevant"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--repos", nargs="*", help="only these, by their names without owner")
    parser.add_argument("--every", type=int, default=1, help="take every n-th issue of a repository, by time")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "codebase-core-benchmark")
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(STAGES))
    args = parser.parse_args()
    results = asyncio.run(ask(args))
    (args.out / "results.json").write_text(json.dumps(results, indent=1))
    show(results)


if __name__ == "__main__":
    main()
