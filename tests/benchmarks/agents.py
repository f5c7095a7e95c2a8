"""Print the figures of the MCP server that docs/performance.md records.

    python tests/benchmarks/agents.py TREE [--rounds 30] [--clients 8] [--repeats 1]

TREE is source to index; it is copied. Everything runs on an embedded server of its own. Compare figures of one run.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Literal

import httpx2
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from memory import pss
from sample_queries import QUERIES

Mode = Literal["legacy", "auto"]
"""The protocol with sessions, or the newest one that both sides know."""

COMMAND = str(Path(sys.executable).with_name("codebase-core"))


PAUSE_SECONDS = 0.2
"""What an agent does between two questions takes longer: it reads the answer and thinks."""


async def _ask(client: Client, query: str) -> float:
    began = perf_counter()
    result = await client.call_tool("search_code", {"query": query})
    assert not result.is_error, result
    return 1000 * (perf_counter() - began)


def _print(what: str, took: Sequence[float]) -> None:
    cuts = statistics.quantiles(took, n=20)
    print(
        f"{what}: p50 {statistics.median(took):.1f} ms, p95 {cuts[18]:.1f} ms, worst {max(took):.1f} ms of {len(took)}"
    )


async def _stdio(environ: Mapping[str, str], tree: Path, rounds: int) -> None:
    server = StdioServerParameters(command=COMMAND, args=["mcp"], env=dict(environ), cwd=str(tree))
    for mode in ("legacy", "auto"):
        began = perf_counter()
        async with Client(server, mode=mode) as client:
            ready = perf_counter()
            await _ask(client, QUERIES[0])
            print(
                f"stdio {mode}: start to initialized {ready - began:.2f} s, to first answer {perf_counter() - began:.2f} s"
            )
            _print(f"stdio {mode}: search_code", [await _ask(client, q) for _ in range(rounds) for q in QUERIES])


async def _many_stdio(environ: Mapping[str, str], tree: Path, rounds: int, clients: int) -> None:
    server = StdioServerParameters(command=COMMAND, args=["mcp"], env=dict(environ), cwd=str(tree))
    together = asyncio.Barrier(clients)

    async def one() -> list[float]:
        async with Client(server, mode="legacy") as client:
            await _ask(client, QUERIES[0])
            await together.wait()
            return [await _ask(client, q) for _ in range(rounds) for q in QUERIES]

    took = await asyncio.gather(*(one() for _ in range(clients)))
    _print(f"stdio, {clients} clients at once, a server each, no pause: search_code", list(chain(*took)))


async def _http(environ: Mapping[str, str], tree: Path, rounds: int, clients: int, repeats: int) -> None:
    process = await asyncio.create_subprocess_exec(
        *(COMMAND, "mcp", "--http", "--port", "0"), env=environ, cwd=tree, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    url, _, file = (await process.stderr.readline()).decode().strip().partition(", token in ")
    bearer = {"authorization": f"Bearer {Path(file).read_text().strip()}"}

    async def one(mode: Mode, *, pause: float = 0) -> list[float]:
        async with (
            httpx2.AsyncClient(headers=bearer, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http), mode=mode) as client,
        ):
            await _ask(client, QUERIES[0])
            took = []
            for query in rounds * QUERIES:
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                took.append(await _ask(client, query))
            return took

    async def many(what: str, mode: Mode, *, pause: float = 0) -> None:
        took = await asyncio.gather(*(one(mode, pause=pause) for _ in range(clients)))
        _print(f"http {mode}, {clients} clients at once, {what}: search_code", list(chain(*took)))

    try:
        _print("http, one client: search_code", await one("legacy"))
        for _ in range(repeats):
            await many("no pause", "legacy")
            await many("no pause", "auto")
        await many(f"a pause of {1000 * PAUSE_SECONDS:.0f} ms on average", "legacy", pause=PAUSE_SECONDS)
        await asyncio.sleep(3)
        print(f"idle server afterwards: {pss(process.pid) / 1e6:.0f} MB")
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tree", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=1)
    chosen = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cbb-"))
    environ = {**os.environ, "CODEBASE_CORE_HOME": str(home)}
    gc.freeze()  # agents are processes of their own: the collector of one does not halt the others
    try:
        tree = home / "tree"
        shutil.copytree(chosen.tree, tree, symlinks=True)
        report = subprocess.run([COMMAND, "index", "--json", tree], env=environ, check=True, capture_output=True)
        shown = json.loads(report.stdout)
        print(f"{shown['chunks']:,} chunks of {shown['files']['indexed']:,} files")
        asyncio.run(_stdio(environ, tree, chosen.rounds))
        asyncio.run(_many_stdio(environ, tree, chosen.rounds, chosen.clients))
        asyncio.run(_http(environ, tree, chosen.rounds, chosen.clients, chosen.repeats))
    finally:
        subprocess.run([COMMAND, "server", "remove", "--yes"], env=environ, check=True, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
