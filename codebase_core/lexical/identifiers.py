"""Identifiers and the words they are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining, normalize

from .bounded_cache import BoundedCache

MAX_LENGTH = 80
"""Longer runs of letters and digits are data (keys, encoded bytes), not names; characters."""

SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\uac00-\ud7af\uff66-\uff9f"  # Hangul, Hiragana, Katakana
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs
)
"""Letters of scripts that set no spaces between words, or join words as Korean does, as in a class of an expression."""

_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"  # accents, Hebrew, Arabic
    "\u0900-\u0903\u093a-\u094f\u0962\u0963\u0980-\u0dff"  # of India and Sri Lanka
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3\u3099\u309a\u200c\u200d"
)
"""What stands on or behind a letter and belongs to it, though ``\\w`` leaves it out: vowels of Thai and Hindi among them."""

IDENTIFIER = re.compile(r"[^\W\d]\w*")
_MARKED_IDENTIFIER = re.compile(rf"[^\W\d][\w{_MARKS}]*")
_NUMBERED = re.compile(rf"{_MARKED_IDENTIFIER.pattern}|(?<!\w)\d{{2,}}(?!\w)")

_RUN = re.compile(f"[{SPACELESS}]+")
_IS_SPACELESS = _RUN.fullmatch
_PART = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_SHAPED_PART = re.compile(f"{_PART.pattern}|ー+")


def identifiers(text: str) -> list[str]:
    """Return every identifier or word of a text, in order, with repeats."""
    return _not_too_long((IDENTIFIER if text.isascii() else _MARKED_IDENTIFIER).findall(text))


def words_and_numbers(text: str) -> list[str]:
    """Return the identifiers of a text and its numbers of several digits: whoever asks for ``error 404`` means both words.

    In code that would be every constant, which tells little of it.
    """
    return _not_too_long(_NUMBERED.findall(text))


def _not_too_long(found: list[str]) -> list[str]:
    """Return the words without those that are data; a sentence in a script without spaces is none, however long."""
    longest = max(map(len, found), default=0)  # nearly always short: one look is cheaper than one at each
    if longest <= MAX_LENGTH:
        return found
    kept: list[str] = []
    for word in found:
        pieces = [word] if len(word) <= MAX_LENGTH else _RUN.findall(word)
        kept += (piece[at : at + MAX_LENGTH] for piece in pieces for at in range(0, len(piece), MAX_LENGTH))
    return kept


@lru_cache(maxsize=1 << 16)
def parts(identifier: str) -> tuple[str, ...]:
    """Split an identifier at ``_``, changes of case and script, and behind digits: ``parseUtf32Text`` gives parse, utf32, text.

    Parts are lower-case and without accents, so that ``méthodeAppelée`` is found as methode.
    """
    if identifier.isascii():
        return tuple(map(str.lower, _PART.findall(identifier)))
    letters = _unaccented(identifier)
    shape = "".join(map(_shape, letters))
    return tuple(letters[m.start() : m.end()].lower() for m in _SHAPED_PART.finditer(shape))


def is_spaceless(part: str) -> bool:
    """Tell whether a part is written in a script whose words are not told apart by spaces."""
    return not part.isascii() and _IS_SPACELESS(part) is not None


def _unaccented(text: str) -> str:
    return normalize("NFC", "".join(c for c in normalize("NFKD", text) if not combining(c)))


def _shape(letter: str) -> str:
    """Return a character of the same kind: ASCII, or ``ー`` in scripts without spaces; others without cases count as small."""
    if letter == "_":
        return "_"
    if letter.isdigit():
        return "0"
    if letter.isupper():
        return "A"
    return "ー" if _IS_SPACELESS(letter) else "a"


def split_words(words: Sequence[str]) -> str:
    """Return identifiers as the words they are made of: what an embedder of words reads of a text."""
    return " ".join(map(_split.__getitem__, words))


_split: BoundedCache[str, str] = BoundedCache(lambda identifier: " ".join(parts(identifier)))
