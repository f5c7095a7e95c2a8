"""Terms: what the lexical arm counts. The tokenizer is part of a project's manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain

import Stemmer

from .bounded_cache import BoundedCache
from .identifiers import identifiers, parts

TOKENIZER = "identifiers-english/2"
"""Changes whenever the same text would give other terms."""

_english = Stemmer.Stemmer("english")


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the Snowball English stem of a lower-case word."""
    return str(_english.stemWord(word))


def terms_of(identifier: str) -> tuple[str, ...]:
    """Return the terms of one identifier: the stems of its parts and, if it is compound, itself unstemmed."""
    pieces = parts(identifier)
    stems = tuple(map(stem, pieces))
    whole = identifier.lower().strip("_")
    return stems if len(pieces) == 1 and pieces[0] == whole else (whole, *stems) if whole else stems


_terms = BoundedCache(terms_of)


def count_terms(text: str) -> Mapping[str, int]:
    """Count the terms of a text."""
    return count_terms_of(identifiers(text))


def count_terms_of(words: Sequence[str]) -> Mapping[str, int]:
    """Count the terms of identifiers, in the order in which they first occur."""
    return Counter(chain.from_iterable(map(_terms.__getitem__, words)))
