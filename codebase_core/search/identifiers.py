"""Identifiers and the words they are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .memo import Memo

IDENTIFIER = re.compile(r"[^\W\d]\w*")
MAX_LENGTH = 80
"""Longer runs of letters and digits are data (keys, encoded bytes), not names; characters."""

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W_A-Za-z0-9]+")


def identifiers(text: str) -> list[str]:
    """Return every identifier or word of a text, in order, with repeats."""
    return [found for found in IDENTIFIER.findall(text) if len(found) <= MAX_LENGTH]


@lru_cache(maxsize=1 << 16)
def parts(identifier: str) -> tuple[str, ...]:
    """Split an identifier at ``_``, changes of case and digits: ``getHTTPResponse2`` gives get, http, response.

    Parts are lower-case; parts made of digits are dropped.
    """
    return tuple(part.lower() for part in _PART.findall(identifier) if not part.isdigit())


def spoken(words: Sequence[str]) -> str:
    """Return identifiers as the words they are made of: what a cheap embedder reads of a text."""
    return " ".join(map(_spoken.__getitem__, words))


_spoken: Memo[str, str] = Memo(lambda identifier: " ".join(parts(identifier)))
