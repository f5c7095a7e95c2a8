"""WordPiece: the tokens of a word, found once per distinct word."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from .words import spans, words

LONGEST_WORD = 100
"""Characters; a longer word is unknown, as in BERT (`max_input_chars_per_word`)."""

CAPACITY = 65_536
"""Spans to remember: 8 MB as a rule, 50 MB at worst. 36,000 chunks of 21 repositories hold 67,000."""


class Vocabulary(dict[str, bytes]):
    """Map a span of a text to the rows of its tokens in the embedding matrix, filled in as spans are asked for.

    A value holds the row numbers as native uint16, so that the rows of a text are its spans' values joined, without a Python
    object per token. A word with an unknown part has no rows. When ``capacity`` spans are held, all are forgotten.
    """

    def __init__(self, tokens: Mapping[str, int], *, capacity: int = CAPACITY) -> None:
        super().__init__()
        self._tokens = tokens
        self._capacity = capacity

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a UTF-8 file with one token a line; the first is row 0, ``##`` marks a token that continues a word."""
        tokens = path.read_bytes().decode().split("\n")
        return cls(dict(zip(tokens, range(len(tokens)), strict=True)))

    @property
    def tokens(self) -> int:
        """How many tokens, and so rows, there are."""
        return len(self._tokens)

    def rows(self, text: str) -> bytes:
        """Return the rows of a text's tokens, native uint16, in order and as often as they occur."""
        return b"".join(map(self.__getitem__, spans(text)))

    def __missing__(self, span: str) -> bytes:
        rows = array("H")
        for word in words(span):
            rows.extend(self._wordpiece(word))
        value = rows.tobytes()
        if len(self) >= self._capacity:
            self.clear()
        if len(span) <= LONGEST_WORD:
            self[span] = value
        return value

    @cached_property
    def _longest_token(self) -> int:
        return max(map(len, self._tokens))

    def _wordpiece(self, word: str) -> list[int]:
        """Take the longest token that fits, again and again; return no rows if a part fits none."""
        if len(word) > LONGEST_WORD:
            return []
        rows: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(min(len(word), start + self._longest_token), start, -1):
                row = self._tokens.get(prefix + word[start:end])
                if row is not None:
                    rows.append(row)
                    start = end
                    break
            else:
                return []
        return rows
