"""Cross-validate the constants of ranking over repositories: choose them on two thirds, score the last third.

    python tests/benchmarks/cross_validation.py TREES [--bench ../shared/bench] [--home DIR] [--draws 60]

Candidates are retrieved once a query; then each draw of constants ranks them anew. Prints NDCG@10 (mean of repositories) of the
constants as shipped, of the best draw (which has seen everything), and of three-fold cross-validation over ten random partitions.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import random
import tempfile
from collections import defaultdict
from math import log2
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from codebase_core_hookspecs import RetrievalQuery

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.search import ranking
from codebase_core.search.query import analyse

BENCH = Path(__file__).parents[3] / "shared" / "bench"
GRID: dict[str, list[Any]] = {
    "DENSE_SHARE": [{"sentence": a, "report": 0.5, "symbol": b} for a in (0.4, 0.5, 0.6) for b in (0.1, 0.2, 0.3)],
    "COHERENCE": [0.3, 0.4, 0.5],
    "NAME_MATCH": [0.3, 0.4, 0.5],
    "FOLDER_MATCH": [0.1, 0.2, 0.3],
    "NAME_COVERAGE": [0.2, 0.3, 0.4],
    "EMBEDDED": [0.2, 0.3, 0.5],
    "DENSE_SHARE_OF_PASSAGES": [0.6, 0.7, 0.8],
    "SECOND_OF_FILE": [{"sentence": a, "report": 0.4, "symbol": a} for a in (0.55, 0.6, 0.65)],
    "FURTHER_OF_FILE": [0.85, 0.9, 0.95],
    "SAME_NAME_AS_FILE": [1.2, 1.5, 1.8],
    "per_arm": [100, 150, 200],
}


async def retrieved(args: argparse.Namespace, queries: list[dict[str, Any]]) -> list[Any]:
    corpora = {corpus["name"]: corpus for corpus in json.loads((args.bench / "corpora.json").read_text())}
    found = []
    async with App(load_settings(flags={"home": args.home})) as app:
        opened = {}
        for row in queries:
            name = row["repo"]
            if name not in opened:
                root = args.trees / name / corpora[name]["root"]
                report = await app.index(root, choices=Choices(project=f"{args.trees.name}-{name.replace('.', '-')}"))
                opened[name] = await app.searcher(report.resolution)
            searcher = opened[name]
            query = analyse(row["query"])
            vector = await searcher.embedder[1].embed_query(query.text)
            of = {
                per_arm: await searcher.store.retrieve(
                    RetrievalQuery(
                        vector=vector, terms=query.terms, names=tuple(query.names), paths=query.paths, per_arm=per_arm
                    )
                )
                for per_arm in GRID["per_arm"]
            }
            found.append((row, query, of))
    return found


def scores(found: list[Any], constants: dict[str, Any], score: Any) -> dict[str, float]:
    """Return repository to mean NDCG@10."""
    for name, value in constants.items():
        if name != "per_arm":
            setattr(ranking, name, value)
    by_repository = defaultdict(list)
    for row, query, of in found:
        ranked = ranking.rank(query, of[constants["per_arm"]], limit=10)
        hits = [
            {"path": r.candidate.path, "start": r.candidate.span.start_line, "end": r.candidate.span.end_line}
            for r in ranked
        ]
        ranks = set()
        for target in row["relevant"]:
            meets = (
                rank
                for rank, hit in enumerate(hits, 1)
                if score.tails_agree(hit["path"], target["path"]) and score.touches(hit, target)
            )
            ranks.add(next(meets, None))
        gained = sum(1 / log2(rank + 1) for rank in ranks if rank is not None)
        ideal = sum(1 / log2(rank + 1) for rank in range(1, min(10, len(row["relevant"])) + 1))
        by_repository[row["repo"]].append(gained / ideal)
    return {name: fmean(values) for name, values in by_repository.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--scorer", type=Path, default=BENCH / "score.py")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "codebase-core-benchmark")
    parser.add_argument("--draws", type=int, default=60)
    args = parser.parse_args()
    spec = importlib.util.spec_from_file_location("score", args.scorer)
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    queries = [json.loads(line) for line in (args.bench / "queries.jsonl").read_text().splitlines()]
    found = asyncio.run(retrieved(args, queries))
    shipped = {name: getattr(ranking, name) for name in GRID if name != "per_arm"} | {"per_arm": 100}
    chance = random.Random(0)
    draws = [shipped, *({name: chance.choice(values) for name, values in GRID.items()} for _ in range(args.draws))]
    table = [scores(found, draw, score) for draw in draws]
    overall = [fmean(each.values()) for each in table]
    spread = f"mean {fmean(overall[1:]):.4f}, sd {pstdev(overall[1:]):.4f}, best {max(overall):.4f}"
    print(f"as shipped {overall[0]:.4f}; {args.draws} draws: {spread}")
    repositories = sorted(table[0])
    results = []
    for seed in range(10):
        shuffled = random.Random(seed).sample(repositories, len(repositories))
        held = []
        for fold in range(3):
            test = shuffled[fold::3]
            train = [name for name in repositories if name not in test]
            best = max(range(len(draws)), key=lambda i: fmean(table[i][name] for name in train))
            held += [table[best][name] for name in test]
        results.append(fmean(held))
    print(f"three-fold cross-validation, ten partitions: {fmean(results):.4f} (sd {pstdev(results):.4f})")


if __name__ == "__main__":
    main()
