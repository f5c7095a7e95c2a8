"""Train token vectors so that a sentence lies near the code it documents: contrastively, a few minutes on two cores.

Both sides are sums of token vectors, as the embedder makes them. A vector is a direction and a learned logarithm of its length.
Loss: symmetric cross-entropy over the cosines of a batch at temperature 0.05 (InfoNCE, van den Oord and others, 2018). Half of
the code texts carry the label of an index (file name and first name), so that both forms are known.
"""  # noqa: INP001

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from codebase_core_static.vocabulary import Vocabulary
from torch.nn.functional import cross_entropy, normalize

from codebase_core.lexical.identifiers import identifiers, split_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEED = 20261121
EPOCHS, BATCH, TEMPERATURE, LEARNING_RATE = 6, 1_024, 0.05, 1e-3
LONGEST = 400
"""Tokens of a side that count."""


def trained(
    vocabulary: Path, vectors: NDArray[np.float32], pairs: Path, *, epochs: int = EPOCHS
) -> NDArray[np.float32]:
    """Return float32 ``(tokens, d)``: the vectors after training on the pairs of a file that pairs.py wrote."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311 - an order, no secret
    words = Vocabulary.load(vocabulary)
    with pairs.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    sentences = [_tokens(words, row["sentence"]) for row in rows]
    codes = [
        _tokens(words, _code(row, labelled=chance.random() < 0.5))  # noqa: PLR2004 - half of them
        for row in rows
    ]
    start = torch.from_numpy(vectors)
    lengths = start.norm(dim=1, keepdim=True).clamp_min(1e-6)
    directions = torch.nn.Parameter(start / lengths)
    scales = torch.nn.Parameter(lengths.log())
    optimiser = torch.optim.Adam([directions, scales], lr=LEARNING_RATE)
    order = list(range(len(rows)))
    steps = epochs * (len(rows) // BATCH)
    done = 0
    for epoch in range(epochs):
        chance.shuffle(order)
        total = 0.0
        for at in range(0, len(order) - BATCH + 1, BATCH):
            for group in optimiser.param_groups:
                group["lr"] = LEARNING_RATE * (1 - done / steps)
            batch = order[at : at + BATCH]
            table = directions * scales.exp()
            left = normalize(_sums(table, [sentences[i] for i in batch]), dim=1)
            right = normalize(_sums(table, [codes[i] for i in batch]), dim=1)
            scores = left @ right.T / TEMPERATURE
            target = torch.arange(len(batch))
            loss = (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item()
            done += 1
        sys.stdout.write(f"epoch {epoch + 1}: loss {total / (len(order) // BATCH):.3f}\n")
        sys.stdout.flush()
    with torch.no_grad():
        found: NDArray[np.float32] = (directions * scales.exp()).numpy()
    return found


def _code(row: dict[str, str], *, labelled: bool) -> str:
    label = identifiers(row["path"].rpartition("/")[2].rpartition(".")[0]) if labelled else []
    return split_words([*label, *identifiers(row["code"])])


def _tokens(words: Vocabulary, text: str) -> NDArray[np.int64]:
    return np.frombuffer(words.rows(text), dtype=np.uint16)[:LONGEST].astype(np.int64)


def _sums(table: torch.Tensor, texts: Sequence[NDArray[np.int64]]) -> torch.Tensor:
    offsets = np.cumsum([0, *(len(text) for text in texts[:-1])])
    flat = torch.from_numpy(np.concatenate(texts))
    return torch.nn.functional.embedding_bag(flat, table, torch.from_numpy(offsets), mode="sum")
