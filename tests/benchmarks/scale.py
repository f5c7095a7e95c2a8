"""Search in a large project: copies of a tree, perturbed so that no two chunks are alike, until there are enough chunks.

    python tests/benchmarks/scale.py TREE QUERIES.jsonl [--chunks 100000 800000] [--home DIR] [--store postgres-database]

Prints milliseconds of whole answers in process, and what the arms find against exact scans of the same rows: recall@200 of
BM25F, recall@10 of the cosine. Everything goes through the product: files on disk, one index run a size, App.search.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import tempfile
from pathlib import Path
from time import perf_counter

from codebase_core_hookspecs import RetrievalQuery
from codebase_core_postgres.project.encoding import term_number
from codebase_core_postgres.sql.identifiers import quote
from pgvector import HalfVector

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.search.query import analyse

WORD = re.compile(r"[A-Za-z]{4,}")
SHARE = 0.15
"""Of the words of a copy, how many are replaced by another word of the same file."""


def copies(tree: Path, into: Path, *, first: int, count: int) -> None:
    """Write perturbed copies of a tree."""
    sources = [path for path in tree.rglob("*") if path.is_file() and path.stat().st_size < 500_000]
    for number in range(first, first + count):
        chance = random.Random(number)
        for path in sources:
            try:
                text = path.read_text()
            except UnicodeDecodeError:
                continue
            words = WORD.findall(text) or ["word"]
            target = into / f"copy{number}" / path.relative_to(tree)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(
                WORD.sub(lambda m: chance.choice(words) if chance.random() < SHARE else m[0], text)  # noqa: B023
            )


async def recall(app: App, store: object, queries: list[str]) -> tuple[float, float]:
    """Return mean recall@200 of the lexical and recall@10 of the dense arm."""
    lexical, dense = [], []
    schema = quote(store.namespace.schema)
    _, embedder = await app.engine.embedder_of(store.manifest)
    async with store._pool.acquire(store.namespace.database) as connection:
        for text in queries:
            query = analyse(text)
            numbers = {term: term_number(term) for term in query.terms}
            vector = await embedder.embed_query(text)
            found = await store.retrieve(RetrievalQuery(terms=query.terms, per_arm=200))
            idf = {numbers[term]: value for term, value in found.idf.items()}
            weights = sorted((numbers[t] + 1, w * idf[numbers[t]]) for t, w in query.terms.items())
            rows = await connection.fetch(
                f"SELECT chunk_id FROM {schema}.chunk_terms WHERE terms && $1::text::int[] "
                "ORDER BY impacts <#> $2::text::sparsevec, chunk_id LIMIT 200",
                "{" + ",".join(map(str, numbers.values())) + "}",
                "{" + ",".join(f"{n}:{w:.6g}" for n, w in weights) + "}/1000000000",
            )
            exact = {row["chunk_id"] for row in rows}
            got = {candidate.id for candidate in found.candidates if "lexical" in candidate.arms}
            lexical.append(len(exact & got) / len(exact) if exact else 1.0)
            rows = await connection.fetch(
                f"SELECT chunk_id FROM {schema}.chunk_embeddings "
                f"ORDER BY (embedding <#> (SELECT $1::text::halfvec({len(vector)}))) + 0, chunk_id LIMIT 10",
                HalfVector(vector).to_text(),
            )
            exact = {row["chunk_id"] for row in rows}
            found = await store.retrieve(RetrievalQuery(vector=vector, per_arm=100))
            nearest = sorted(
                (c for c in found.candidates if "dense" in c.arms), key=lambda c: (-(c.dense or 0.0), c.id)
            )
            dense.append(len(exact & {candidate.id for candidate in nearest[:10]}) / 10)
    return statistics.mean(lexical), statistics.mean(dense)


async def measure(args: argparse.Namespace) -> None:
    queries = [json.loads(line)["query"] for line in args.queries.read_text().splitlines()]
    settings = load_settings(flags={"home": args.home, "store": args.store})
    root = args.home / "tree"
    made, per_copy = 0, 1.0
    async with App(settings) as app:
        for size in args.chunks:
            chunks = 0
            while chunks < size:
                copies(args.tree, root, first=made, count=1 if not chunks else 1 + int((size - chunks) / per_copy))
                made = len(list(root.iterdir()))
                began = perf_counter()
                report = await app.index(root, choices=Choices(project="scale"))
                chunks = (await app.status(root)).statistics.chunks
                per_copy = chunks / made
                print(
                    f"{chunks:,} chunks; run of {report.progress.chunks:,} in {perf_counter() - began:.0f} s",
                    flush=True,
                )
            times: list[float] = []
            parts: dict[str, list[float]] = {}
            for query in queries + queries:
                answer = await app.search(query, project=str(report.resolution.require_project().id))
                times.append(answer.timings["total"])
                for name, value in answer.timings.items():
                    parts.setdefault(name, []).append(value)
            times = times[len(queries) :]  # the first round fills the caches
            stages = ", ".join(f"{name} {statistics.median(values):.1f}" for name, values in parts.items())
            print(
                f"search at {chunks:,} chunks: p50 {statistics.median(times):.1f} ms, "
                f"p95 {statistics.quantiles(times, n=20)[18]:.1f} ms ({stages})",
                flush=True,
            )
            store = await app.open(report.resolution.require_project())
            lexical, dense = await recall(app, store, queries[:: args.every])
            print(f"recall: lexical@200 {lexical:.3f}, dense@10 {dense:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--chunks", type=int, nargs="+", default=[100_000, 800_000])
    parser.add_argument("--store", default="postgres-database")
    parser.add_argument("--every", type=int, default=8, help="compare each nth query with exact scans")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "codebase-core-scale")
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
