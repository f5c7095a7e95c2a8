"""A query and a passage as the model was trained to read them: token ids of one pair a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .excerpt import excerpt

if TYPE_CHECKING:
    from codebase_core_hookspecs import RerankerPassage
    from numpy import int64
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

QUERY_TOKENS, LABEL_TOKENS, PASSAGE_TOKENS = 32, 14, 64
"""Tokens that are read; the label's count among the passage's. The model was trained with passages of 200."""

PASSAGE_WORDS = 51
"""Words of a passage that take 64 tokens, as a word of code takes 1.25."""

READING = f"excerpt-1/{QUERY_TOKENS}/{PASSAGE_TOKENS}/{PASSAGE_WORDS}"
"""Part of the identity: changes whenever the model would be given something else of the same passage."""

CLS, SEP = 101, 102
"""BERT's tokens before a pair and after each of its parts."""

_MOST_CHARACTERS = 16_000
"""Of a passage: the longest chunks of code have a few thousand."""

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")


class Rows(NamedTuple):
    """The model's inputs, int64 ``(n, length)``: token ids, 1 where there is one, and 1 from the passage on."""

    ids: NDArray[int64]
    mask: NDArray[int64]
    segments: NDArray[int64]


@dataclass(frozen=True, slots=True)
class PairEncoder:
    """Encodes pairs as ``[CLS] query [SEP] label passage [SEP]``.

    The label is the last two parts of the path, the passage its identifiers, both split into words and in lower case.
    """

    tokenizer: Tokenizer

    def encode(self, query: str, passages: Sequence[RerankerPassage]) -> list[tuple[list[int], list[int]]]:
        """Return the token ids of both parts for each passage, special tokens included."""
        asked_words = _words(query).split()
        texts = [
            query,
            *(_label(passage.path) for passage in passages),
            *(_essence(passage.text, asked_words) for passage in passages),
        ]
        asked, *found = [encoded.ids for encoded in self.tokenizer.encode_batch(texts, add_special_tokens=False)]
        first = [CLS, *asked[:QUERY_TOKENS], SEP]
        labels, bodies = found[: len(passages)], found[len(passages) :]
        return [
            (first, [*(label[:LABEL_TOKENS] + body)[:PASSAGE_TOKENS], SEP])
            for label, body in zip(labels, bodies, strict=True)
        ]


def padded(pairs: Sequence[tuple[list[int], list[int]]]) -> Rows:
    """Return the rows of pairs, as long as the longest."""
    length = max(len(query) + len(passage) for query, passage in pairs)
    rows = Rows(*(np.zeros((len(pairs), length), dtype=np.int64) for _ in range(3)))
    for row, (query, passage) in enumerate(pairs):
        both = query + passage
        rows.ids[row, : len(both)] = both
        rows.mask[row, : len(both)] = 1
        rows.segments[row, len(query) : len(both)] = 1
    return rows


def _label(path: str) -> str:
    stem, dot, suffix = path.rpartition(".")
    whole = path if "/" in suffix or not dot else stem
    return _words(" ".join(whole.split("/")[-2:]))


def _essence(text: str, asked: Sequence[str]) -> str:
    lines = [_words(line).split() for line in text[:_MOST_CHARACTERS].split("\n")]
    return " ".join(excerpt(lines, asked, most=PASSAGE_WORDS))


def _words(text: str) -> str:
    identifiers = _IDENTIFIER.findall(text[:_MOST_CHARACTERS])
    return " ".join(word.lower() for identifier in identifiers for word in _WORD.findall(identifier))
