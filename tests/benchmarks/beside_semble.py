"""Index the trees of the retrieval benchmark beside semble, in turn, in one run.

    python tests/benchmarks/beside_semble.py TREES PYTHON MODEL [--rounds 3]

PYTHON is the interpreter of an environment with semble 0.7, MODEL the folder of a model2vec model. Ours: durable, along the
syntax tree, static embedder, warm server, chunks and seconds summed over the trees. Semble: in memory, model loaded before. Each
round indexes everything with both; the ratio of a round is what counts, since both met the same machine. Our peak of memory
(PSS of this process and its workers) is printed too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from memory import peak_pss

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings

THEIRS = """
import json, sys, time
from semble import SembleIndex
roots = json.loads(sys.argv[1])
SembleIndex.from_path(roots[0])
chunks = seconds = 0
for root in roots:
    began = time.perf_counter()
    index = SembleIndex.from_path(root)
    seconds += time.perf_counter() - began
    chunks += len(index.chunks)
print(json.dumps([chunks, seconds]))
"""


async def ours(roots: list[Path], home: Path, number: int) -> tuple[int, float]:
    chunks, seconds = 0, 0.0
    async with App(load_settings(flags={"home": home})) as app:
        await app.init(roots[0], choices=Choices(project="warm"))
        for index, root in enumerate(roots):
            began = perf_counter()
            report = await app.index(root, choices=Choices(project=f"round{number}-{index}"))
            seconds += perf_counter() - began
            chunks += report.progress.chunks
    return chunks, seconds


def theirs(roots: list[Path], python: str, model: str) -> tuple[int, float]:
    with tempfile.TemporaryDirectory() as cache:
        environ = {**os.environ, "SEMBLE_MODEL_NAME": model, "HF_HUB_OFFLINE": "1", "SEMBLE_CACHE_LOCATION": cache}
        command = [python, "-c", THEIRS, json.dumps([str(root) for root in roots])]
        out = subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout
    chunks, seconds = json.loads(out.splitlines()[-1])
    return chunks, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path)
    parser.add_argument("python")
    parser.add_argument("model")
    parser.add_argument("--bench", type=Path, default=Path(__file__).parents[3] / "shared" / "bench")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    corpora = json.loads((args.bench / "corpora.json").read_text())
    roots = [args.trees / corpus["name"] / corpus["root"] for corpus in corpora]
    ratios = []
    with tempfile.TemporaryDirectory(prefix="codebase-core-beside-") as folder:
        home = Path(folder) / "home"
        try:
            for number in range(args.rounds):
                with peak_pss() as peak:
                    mine = asyncio.run(ours(roots, home, number))
                other = theirs(roots, args.python, args.model)
                rates = [chunks / seconds for chunks, seconds in (mine, other)]
                ratios.append(rates[0] / rates[1])
                print(
                    f"ours {mine[0]:,} chunks in {mine[1]:.1f} s, {rates[0]:,.0f} a second; "
                    f"semble {other[0]:,} in {other[1]:.1f} s, {rates[1]:,.0f} a second; ratio {ratios[-1]:.2f}; "
                    f"our peak {peak[0] / 1e6:.0f} MB",
                    flush=True,
                )
        finally:
            command = [str(Path(sys.executable).with_name("codebase-core")), "server", "remove", "--yes"]
            subprocess.run(command, env={**os.environ, "CODEBASE_CORE_HOME": str(home)}, check=False)
    print(f"median ratio {median(ratios):.2f}")


if __name__ == "__main__":
    main()
