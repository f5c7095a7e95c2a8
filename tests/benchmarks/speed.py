"""Print the figures that docs/performance.md records.

    python tests/benchmarks/speed.py TREE [--store NAME] [--runs 5] [only these: index unchanged commands provision search memory]

TREE is source to index; it is copied, so that nothing is written beside it. Everything runs on an embedded server of its own.
Absolute times depend on the machine: compare figures of one run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from memory import peak_pss
from sample_queries import QUERIES

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings

COMMAND = str(Path(sys.executable).with_name("codebase-core"))


@dataclass(frozen=True, kw_only=True)
class Bench:
    tree: Path
    home: Path
    store: str
    runs: int
    million: int

    @property
    def environ(self) -> dict[str, str]:
        return {**os.environ, "CODEBASE_CORE_HOME": str(self.home), "CODEBASE_CORE_STORE": self.store}

    def app(self) -> App:
        return App(load_settings(environ=self.environ))

    def command(self, *arguments: str, cwd: Path | None = None) -> float:
        """Run the installed command and return its wall time in seconds."""
        began = perf_counter()
        subprocess.run([COMMAND, *arguments], env=self.environ, cwd=cwd, check=True, capture_output=True)
        return perf_counter() - began

    async def index(self) -> None:
        """Chunks a second of a whole durable index, from the command's start to its end, and where CPU time goes."""
        async with self.app() as app:
            for run in range(self.runs):
                server, own, workers = _server_cpu(), os.times(), os.times()
                began = perf_counter()
                report = await app.index(self.tree, choices=Choices(project=f"index-{run}"))
                wall = perf_counter() - began
                now = os.times()
                chunks = report.progress.chunks
                print(
                    f"index: {chunks:,} chunks of {report.progress.indexed:,} files in {wall:.2f} s: "
                    f"{chunks / wall:,.0f} a second; "
                    f"CPU s: command {now.user + now.system - own.user - own.system:.2f}, "
                    f"workers {now.children_user + now.children_system - workers.children_user - workers.children_system:.2f}, "
                    f"server {_server_cpu() - server:.2f}"
                )

    async def unchanged(self) -> None:
        """A run over an unchanged tree, against git status of the same files."""
        git = ["git", "-C", str(self.tree)]
        if not (self.tree / ".git").exists():
            for step in (
                ["init", "-q"],
                ["add", "-A"],
                ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"],
            ):
                subprocess.run([*git, *step], check=True, capture_output=True)
        files = sum(1 for path in self.tree.rglob("*") if path.is_file() and ".git" not in path.parts)
        self.command("index", str(self.tree))
        times, status = [], []
        for _ in range(self.runs):
            times.append(self.command("index", str(self.tree)))
            began = perf_counter()
            subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True)
            status.append(perf_counter() - began)
        print(f"unchanged: {files:,} files {_ms(times)}; git status {_ms(status)}")

    async def commands(self) -> None:
        """Wall time of the installed commands with a warm server."""
        self.command("index", str(self.tree))
        runs = range(2 * self.runs)
        print(f"search command: {_ms([self.command('search', QUERIES[0], cwd=self.tree) for _ in runs])}")
        print(f"--help: {_ms([self.command('--help') for _ in runs])}")

    async def provision(self) -> None:
        """Time to create a project, registry row included."""
        async with self.app() as app:
            projects = await app.projects()
            for store in ("postgres-database", "postgres-schema"):
                times, made = [], []
                for _ in range(10):
                    began = perf_counter()
                    name = f"provision-{uuid4().hex[:8]}"
                    made.append(
                        await projects.create(name, store=store, server="embedded", manifest=app.engine.manifest)
                    )
                    times.append(perf_counter() - began)
                for project in made:
                    await projects.purge(project)
                print(f"provision {store}: {_ms(times)}")

    async def search(self) -> None:
        """In-process search over the whole tree: whole answers, texts included."""
        async with self.app() as app:
            report = await app.index(self.tree)
            chunks = (await app.status(self.tree)).statistics.chunks
            times: list[float] = []
            parts: dict[str, list[float]] = {}
            for query in QUERIES * (10 * self.runs):
                answer = await app.search(query, project=str(report.resolution.require_project().id))
                times.append(answer.timings["total"])
                for name, value in answer.timings.items():
                    parts.setdefault(name, []).append(value)
            times = times[len(QUERIES) :]
            stages = ", ".join(f"{name} {statistics.median(values):.1f}" for name, values in parts.items())
            quantiles = statistics.quantiles(times, n=20)
            middle, high = statistics.median(times), quantiles[18]
            print(f"search in process, {chunks:,} chunks: p50 {middle:.1f} ms, p95 {high:.1f} ms ({stages})")

    async def memory(self) -> None:
        """Peak PSS of the command and its workers while it indexes a tree of many small files."""
        with tempfile.TemporaryDirectory(dir=self.tree.parent) as folder:
            root = Path(folder) / "small"
            for number in range(self.million):
                path = root / f"p{number // 1000}" / f"m{number}.py"
                if number % 1000 == 0:
                    path.parent.mkdir(parents=True)
                path.write_text(f"def function_{number}(value):\n    return value + {number}\n")
            process = subprocess.Popen([COMMAND, "index", str(root)], env=self.environ, stdout=subprocess.PIPE)
            with peak_pss(process.pid) as peak:
                out, _ = process.communicate()
            print(f"memory: {self.million:,} files, peak PSS {peak[0] / 1e6:.0f} MB; {out.decode().splitlines()[-1]}")
            print(f"memory: unchanged run {self.command('index', str(root)):.1f} s")


def _ms(seconds: list[float]) -> str:
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    return f"median {1000 * middle:.0f} ms (min {1000 * low:.0f}, max {1000 * high:.0f}, n {len(seconds)})"


def _server_cpu() -> float:
    """CPU seconds of all PostgreSQL processes that still run."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        if name == "postgres":
            fields = rest.split()
            total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("only", nargs="*", default=["index", "unchanged", "commands", "provision", "search", "memory"])
    parser.add_argument("--store", default="postgres-database")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=20_000, help="files of the memory measurement")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="codebase-core-speed-") as folder:
        home, copy = Path(folder) / "home", Path(folder) / args.tree.name
        shutil.copytree(args.tree, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        bench = Bench(tree=copy, home=home, store=args.store, runs=args.runs, million=args.files)
        try:
            for name in args.only:
                asyncio.run(getattr(bench, name)())
        finally:
            subprocess.run([COMMAND, "server", "remove", "--yes"], env=bench.environ, check=False)


if __name__ == "__main__":
    main()
