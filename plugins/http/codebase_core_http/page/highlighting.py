"""Code as HTML, line by line: what is coloured is escaped by the same library, and what cannot be is plain text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import find_lexer_class_by_name, find_lexer_class_for_filename
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MOST_CHARACTERS = 300_000
"""A longer text is shown without colours: they would take over a second."""

LONGEST_LINE = 5_000
"""A longer line is not written by hand, and some lexers take a time that grows with its square."""

_OTHER_NAMES = {
    "hcl": "terraform",
    "starlark": "python",
    "astro": "html",
    "svelte": "html",
    "vue": "html",
    "tsx": "typescript",
    "text": "",
}
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_BREAKS = re.compile(r"\r\n?")


@lru_cache(maxsize=1_000)
def passage_lines(text: str, *, language: str | None, path: str) -> tuple[Markup, ...]:
    """Return the lines of a passage as HTML, from memory where it was shown before: whoever types sees the same hits again.

    Ten passages take 30 ms to colour.
    """
    return tuple(code_lines(text, language=language, path=path))


def code_lines(text: str, *, language: str | None, path: str) -> list[Markup]:
    """Return the lines of a text as HTML; each can stand by itself."""
    text = _BREAKS.sub("\n", text).removesuffix("\n")
    plain = text.split("\n")
    by_hand = len(text) <= MOST_CHARACTERS and max(map(len, plain)) <= LONGEST_LINE
    lexer = _lexer_class(language, path.rpartition("/")[2]) if by_hand else None
    if lexer is None:
        return [escape(line) for line in plain]
    coloured: str = highlight(text, lexer(stripnl=False, stripall=False, ensurenl=False), _FORMATTER)
    lines = coloured.split("\n")
    if len(lines) == len(plain) + 1 and not lines[-1]:
        lines.pop()  # the formatter ends its last line
    # A lexer that drops or adds a line would show code beside a wrong number.
    return [Markup(line) for line in lines] if len(lines) == len(plain) else [escape(line) for line in plain]  # noqa: S704


@lru_cache(maxsize=512)
def _lexer_class(language: str | None, name: str) -> type[Lexer] | None:
    """Return the class of a lexer, whose objects are not for several threads."""
    known = _OTHER_NAMES.get(language or "", language)
    for find, wanted in ((find_lexer_class_by_name, known), (find_lexer_class_for_filename, name)):
        try:
            found: type[Lexer] | None = find(wanted) if wanted else None
        except ClassNotFound:
            continue
        if found is not None:
            return found
    return None
