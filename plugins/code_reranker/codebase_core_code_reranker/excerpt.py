"""What of a passage the model reads: the line it begins with, and the lines that hold most of the question.

Tokens are time. 64 of the right lines tell as much as 200 of the first ones (docs/rerankers.md).
"""

from __future__ import annotations

from collections.abc import Sequence

_LEAST_LETTERS, _ENDING = 4, 3
"""Words agree if they begin alike: ``pools`` and ``pooled``; so much of a word may be its ending."""


def excerpt(lines: Sequence[Sequence[str]], asked: Sequence[str], *, most: int) -> list[str]:
    """Return at most ``most`` words of a passage, given as the words of its lines, in their order.

    The first line that has words names what is defined; then lines are taken by how many words of the question they hold, the
    first of equals first, and those that do not fit are passed over.
    """
    if sum(map(len, lines)) <= most:
        return [word for line in lines for word in line]
    beginnings = {_beginning(word) for word in asked if len(word) >= _LEAST_LETTERS - 1}
    held = [sum(any(word.startswith(start) for word in line) for start in beginnings) for line in lines]
    head = next((nth for nth, line in enumerate(lines) if line), 0)
    kept, left = set(), most
    for nth in sorted(range(len(lines)), key=lambda nth: (nth != head, -held[nth], nth)):
        if len(lines[nth]) <= left:
            kept.add(nth)
            left -= len(lines[nth])
    return [word for nth in sorted(kept) for word in lines[nth]]


def _beginning(word: str) -> str:
    return word[: max(_LEAST_LETTERS, len(word) - _ENDING)]
