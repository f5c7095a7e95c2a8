"""Cut a text where BERT's uncased tokenizer does: into lower-cased words without accents, and punctuation marks.

A port of `BertNormalizer` and `BertPreTokenizer` of the `tokenizers` library, which would cost a search 20 ms to import and set
up, and an installation 16 packages, an HTTP client among them. The words are the library's, except for some 500 characters
of rare scripts that Unicode has added or reclassified since version 8, whose tables the library has, and seven control
characters such as the form feed: they part words here, and the library drops them.
"""

from __future__ import annotations

import re
import unicodedata

_spans = re.compile(r"[^\s!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~]").findall
_punctuated = re.compile(r"[!-/:-@\[-`{-~]").search
_NO_TRACE = frozenset({"Cc", "Cf", "Co", "Cs", "Mn"})
_IDEOGRAPHS = (
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x2A6E0),
    range(0x2A700, 0x2B820),
    range(0x2B920, 0x2CEB0),
    range(0x2F800, 0x2FA20),
)


def spans(text: str) -> list[str]:
    """Cut at whitespace and ASCII punctuation, which is all there is to do to nearly all source code."""
    lowered = text.lower() if text.isascii() else text
    # Names split into words have no punctuation: half the time.
    return _spans(lowered) if _punctuated(lowered) else lowered.split()


def words(span: str) -> list[str]:
    """Return what a span holds: several words if it has ideographs or other punctuation, none if it has no visible letter."""
    if span.isascii() and span.isalnum():
        return [span.lower()]
    return "".join(map(_spaced, unicodedata.normalize("NFD", span))).split()


def _spaced(character: str) -> str:
    category = unicodedata.category(character)
    if category in _NO_TRACE or character == "\ufffd":
        return ""
    is_ascii_symbol = character.isascii() and not character.isalnum()
    if is_ascii_symbol or category.startswith("P") or any(ord(character) in block for block in _IDEOGRAPHS):
        return f" {character} "
    return character.lower()
