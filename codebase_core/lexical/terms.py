"""Terms: what the lexical arm counts. The tokenizer is part of a project's manifest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise

import Stemmer

from .bounded_cache import BoundedCache
from .identifiers import is_spaceless, parts, words_and_numbers

TOKENIZER = "identifiers-english/3"
"""Changes whenever the same text would give other terms."""

_NUMBER = re.compile(r"\d+$")

_english = Stemmer.Stemmer("english")


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the Snowball English stem of a lower-case word."""
    return str(_english.stemWord(word))


def terms_of(identifier: str) -> tuple[str, ...]:
    """Return the terms of one identifier: those of its parts and, if it is compound, itself unstemmed."""
    pieces = parts(identifier)
    terms = tuple(chain.from_iterable(map(_terms_of_part, pieces)))
    whole = identifier.lower().strip("_")
    return terms if not whole or (len(pieces) == 1 and pieces[0] == whole) else (whole, *terms)


def _terms_of_part(part: str) -> tuple[str, ...]:
    """Return the stem of a word; of ``utf32`` also the word without its number, of a run without spaces its pairs of letters.

    A digit by itself tells nothing.
    """
    if part.isascii() and part.isalpha():
        return (stem(part),)
    if is_spaceless(part):
        return part, *_pairs(part)
    word = _NUMBER.sub("", part)
    if word == part:
        return (stem(part),)
    number = part[len(word) :]
    counted = (number,) if len(number) > 1 else ()
    return (part, *_terms_of_part(word), *counted) if word else counted


def _pairs(run: str) -> tuple[str, ...]:
    """Return what is searched of a run of a script without spaces: each two letters that stand together, and each letter.

    The usual index of such scripts: a part of a longer run is found by it, whatever the words are.
    """
    pairs = tuple(map("".join, pairwise(run)))
    return (*(pair for pair in pairs if pair != run), *(letter for letter in run if letter != run))


CACHED_TERMS: BoundedCache[str, tuple[str, ...]] = BoundedCache(terms_of)
"""The terms of identifiers; most of them have been asked for before."""


def count_terms(text: str) -> Mapping[str, int]:
    """Count the terms of a text."""
    return count_terms_of(words_and_numbers(text))


def count_terms_of(words: Sequence[str]) -> Mapping[str, int]:
    """Count the terms of identifiers, in the order in which they first occur."""
    return Counter(chain.from_iterable(map(CACHED_TERMS.__getitem__, words)))
