"""Print the figures of the server over HTTP that docs/performance.md records.

    python tests/benchmarks/serve.py TREE [--rounds 20] [--clients 32] [--memory 20000] [--repeats 1]

TREE is source to index; it is copied. Everything runs on an embedded server of its own. Compare figures of one run.
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
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import perf_counter

import httpx
import psutil
from codebase_core_hookspecs import SearchRequest
from sample_queries import QUERIES

from codebase_core.config.settings import load_settings
from codebase_core.serving import LocalTeamService

COMMAND = str(Path(sys.executable).with_name("codebase-core"))

Ask = Callable[[str], Awaitable[None]]


async def _timed(ask: Ask, *, rounds: int, clients: int) -> list[float]:
    took: list[float] = []

    async def client(number: int) -> None:
        for at in range(rounds * len(QUERIES)):
            began = perf_counter()
            await ask(QUERIES[(at + number) % len(QUERIES)])
            took.append(1000 * (perf_counter() - began))

    await asyncio.gather(*map(client, range(clients)))
    return took


async def _print(what: str, ask: Ask, *, rounds: int, clients: int) -> None:
    began = perf_counter()
    took = await _timed(ask, rounds=rounds, clients=clients)
    cuts = statistics.quantiles(took, n=20)
    rate = len(took) / (perf_counter() - began)
    print(
        f"{what}, {clients} at once: p50 {statistics.median(took):.1f} ms, p95 {cuts[18]:.1f} ms, {rate:.0f} a second"
    )


async def _in_process(environ: Mapping[str, str], *, rounds: int, clients: int) -> None:
    async with LocalTeamService.of(load_settings(environ=environ)) as service:

        async def ask(query: str) -> None:
            assert (await service.search(SearchRequest(query, project="tree"))).hits

        await _timed(ask, rounds=5, clients=1)
        for number in (1, clients):
            await _print("in process", ask, rounds=rounds if number == 1 else max(1, rounds // 8), clients=number)


async def _over_http(url: str, token: str, *, rounds: int, clients: int) -> None:
    limits = httpx.Limits(max_connections=clients)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, limits=limits) as http:

        def asking(path: str) -> Ask:
            async def ask(query: str) -> None:
                answer = await http.get(path, params={"q": query})
                assert answer.status_code == 200, answer.text

            return ask

        for what, path in (
            ("GET /health/live", "/health/live"),
            ("API, one project", "/api/v1/projects/tree/search"),
            ("page, results", "/results"),
        ):
            ask = asking(path)
            await _timed(ask, rounds=5, clients=1)
            for number in (1, clients):
                await _print(what, ask, rounds=rounds if number == 1 else max(1, rounds // 8), clients=number)


async def _memory(url: str, token: str, pid: int, *, requests: int) -> None:
    """Print what the server's own memory is after a tenth of the requests, and after all of them."""
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http:
        for number in range(1, requests + 1):
            path = "/projects/tree" if number % 50 == 0 else f"/api/v1/projects?text={number}"
            assert (await http.get(path)).status_code == 200
            if number in (requests // 10, requests):
                print(f"after {number:,} more requests: {psutil.Process(pid).memory_info().rss / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--memory", type=int, default=0, help="Requests between which memory is compared.")
    parser.add_argument("--repeats", type=int, default=1)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="serve-"))
    tree = folder / "tree"
    shutil.copytree(chosen.tree, tree, symlinks=True)
    environ = {**os.environ, "CODEBASE_CORE_HOME": str(folder / "home")}
    try:
        subprocess.run([COMMAND, "index", str(tree), "--project", "tree"], env=environ, check=True)
        for _ in range(chosen.repeats):
            asyncio.run(_in_process(environ, rounds=chosen.rounds, clients=chosen.clients))
            server = subprocess.Popen([COMMAND, "serve", "--port", "0"], env=environ, stderr=subprocess.PIPE, text=True)
            assert server.stderr is not None
            url, _, rest = server.stderr.readline().partition("login?token=")
            asyncio.run(_over_http(url, rest.partition(" ")[0], rounds=chosen.rounds, clients=chosen.clients))
            asyncio.run(_memory(url, rest.partition(" ")[0], server.pid, requests=chosen.memory))
            server.terminate()
            server.wait()
    finally:
        subprocess.run([COMMAND, "server", "remove", "--yes"], env=environ, check=False)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
