"""Identifiers and the words they are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining, normalize

from .bounded_cache import BoundedCache

IDENTIFIER = re.compile(r"[^\W\d]\w*")
MAX_LENGTH = 80
"""Longer runs of letters and digits are data (keys, encoded bytes), not names; characters."""

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def identifiers(text: str) -> list[str]:
    """Return every identifier or word of a text, in order, with repeats."""
    found: list[str] = IDENTIFIER.findall(text)
    longest = max(map(len, found), default=0)  # nearly always short: one look is cheaper than one at each
    return found if longest <= MAX_LENGTH else [each for each in found if len(each) <= MAX_LENGTH]


@lru_cache(maxsize=1 << 16)
def parts(identifier: str) -> tuple[str, ...]:
    """Split an identifier at ``_``, changes of case and digits: ``getHTTPResponse2`` gives get, http, response.

    Parts are lower-case and without accents, so that ``méthodeAppelée`` is found as methode; parts made of digits are dropped.
    """
    if identifier.isascii():
        return tuple(part.lower() for part in _PART.findall(identifier) if not part.isdigit())
    letters = _unaccented(identifier)
    shape = "".join(map(_shape, letters))
    return tuple(letters[m.start() : m.end()].lower() for m in _PART.finditer(shape) if shape[m.start()] != "0")


def _unaccented(text: str) -> str:
    return normalize("NFC", "".join(c for c in normalize("NFKD", text) if not combining(c)))


def _shape(letter: str) -> str:
    """Return the ASCII character of the same kind; letters of a script without cases count as small."""
    return "_" if letter == "_" else "0" if letter.isdigit() else "A" if letter.isupper() else "a"


def split_words(words: Sequence[str]) -> str:
    """Return identifiers as the words they are made of: what an embedder of words reads of a text."""
    return " ".join(map(_split.__getitem__, words))


_split: BoundedCache[str, str] = BoundedCache(lambda identifier: " ".join(parts(identifier)))
