"""What worktrees cost: the first answer in each, the bytes that a project grows by, and what they do to the main checkout.

    python tests/benchmarks/checkouts.py TREE [--files 10000] [--worktrees 10] [--changed 50] [--home DIR] [--store NAME]

TREE is source to fill a repository with: its files are copied, perturbed, until there are enough. Prints seconds from the start
of the command to its first answer in each new worktree, the project's bytes before and after, and milliseconds of searches in
turn: in the main checkout before there were worktrees and with them, and in a worktree. Everything goes through the product.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from sample_queries import QUERIES
from scale import copies

from codebase_core.app import App
from codebase_core.config.settings import load_settings

_WHO = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str) -> None:
    """Run git."""
    subprocess.run(["git", "-C", folder, *_WHO, *words], check=True, capture_output=True)


def repository(tree: Path, root: Path, *, files: int) -> None:
    """Make a repository of so many files."""
    number = 0
    while sum(1 for path in root.rglob("*") if path.is_file()) < files:
        copies(tree, root, first=number, count=1)
        number += 1
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")


def worktree(root: Path, folder: Path, *, changed: int, number: int) -> None:
    """Add a worktree in which some files differ."""
    git(root, "worktree", "add", "-q", str(folder), "-b", folder.name)
    found = sorted(path for path in folder.rglob("*.py") if path.is_file())
    step = max(1, len(found) // changed)
    for path in found[number % step :: step][:changed]:
        with path.open("a") as file:
            file.write(f"\n\ndef added_in_{folder.name}_{path.stem}():\n    return {number}\n")


def asked(environ: dict[str, str], folder: Path) -> float:
    """Return the seconds that a command takes to answer from a folder, and check that it answers from there."""
    began = perf_counter()
    command = [sys.executable, "-m", "codebase_core", "search", "--json", f"added_in_{folder.name}"]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    seconds = perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stderr)
    answer = json.loads(done.stdout)
    assert answer["index"][0]["root"] == str(folder), done.stderr
    assert f"added_in_{folder.name}" in answer["hits"][0]["text"], done.stderr
    return seconds


async def searched(environ: dict[str, str], folders: list[Path], *, rounds: int) -> list[list[float]]:
    """Return milliseconds of the store's part of searches in each folder, asked in turn."""
    found: list[list[float]] = [[] for _ in folders]
    async with App(load_settings(environ=environ)) as app:
        searchers = [await app.searcher(await app.resolve(folder)) for folder in folders]
        for number in range(rounds + 1):
            for query in QUERIES:
                for times, searcher in zip(found, searchers, strict=True):
                    answer = await searcher.search(_request(query))
                    if number:  # the first is not counted: statements are planned
                        times.append(answer.timings["retrieve"])
    return found


def _request(query: str) -> object:
    from codebase_core_hookspecs import SearchRequest  # noqa: PLC0415

    return SearchRequest(query)


def shown(times: list[float]) -> str:
    """Return median and tenth percentile."""
    return f"p50 {statistics.median(times):.1f}, p10 {statistics.quantiles(times, n=10)[0]:.1f} ms"


async def stored(environ: dict[str, str], root: Path) -> tuple[int, int]:
    """Return the bytes that a project takes, and its chunks."""
    async with App(load_settings(environ=environ)) as app:
        counted = (await app.status(root)).statistics
        return counted.bytes_stored, counted.chunks


async def main(options: argparse.Namespace) -> None:
    base = Path(tempfile.mkdtemp(dir=options.home))
    environ = {
        **os.environ,
        "CODEBASE_CORE_HOME": str(options.home),
        "CODEBASE_CORE_STORE": options.store,
        "CODEBASE_CORE_RERANKER": "none",
        "CODEBASE_CORE_CHECKOUT_BUDGET": "60",  # what takes longer than the default is a figure, too
    }
    root = base / "main"
    root.mkdir()
    repository(options.tree, root, files=options.files)
    began = perf_counter()
    async with App(load_settings(environ=environ)) as app:
        await app.index(root)
    print(f"index of the main checkout: {perf_counter() - began:.1f} s", flush=True)
    before, chunks = await stored(environ, root)
    (alone,) = await searched(environ, [root], rounds=options.rounds)
    places = [base / f"wt{number}" for number in range(options.worktrees)]
    for number, place in enumerate(places):
        worktree(root, place, changed=options.changed, number=number)
    seconds = [asked(environ, place) for place in places]
    print(f"first answers: {', '.join(f'{each:.2f}' for each in seconds)} s", flush=True)
    print(f"second answers: {', '.join(f'{asked(environ, place):.2f}' for place in places[:3])} s")
    after, _ = await stored(environ, root)
    print(
        f"{chunks:,} chunks: {before / 1e6:.1f} MB alone, {after / 1e6:.1f} MB with worktrees: {after / before - 1:+.1%}"
    )
    beside, other = await searched(environ, [root, places[0]], rounds=options.rounds)
    print(f"main checkout alone: {shown(alone)}; with worktrees: {shown(beside)}; a worktree: {shown(other)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--worktrees", type=int, default=10)
    parser.add_argument("--changed", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--store", default="postgres-database")
    asyncio.run(main(parser.parse_args()))
