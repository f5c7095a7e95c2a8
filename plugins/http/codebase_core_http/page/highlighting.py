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


def code_lines(text: str, *, language: str | None, path: str) -> list[Markup]:
    """Return the lines of a text as HTML; each can stand by itself."""
    text = _BREAKS.sub("\n", text).removesuffix("\n")
    plain = text.split("\n")
    coloured_at_all = len(text) <= MOST_CHARACTERS and max(map(len, plain)) <= LONGEST_LINE
    lexer = _lexer(language, path.rpartition("/")[2]) if coloured_at_all else None
    if lexer is None:
        return [escape(line) for line in plain]
    coloured: str = highlight(text, lexer, _FORMATTER)
    lines = coloured.removesuffix("\n").split("\n")
    # A lexer that drops or adds a line would show code beside a wrong number.
    return [Markup(line) for line in lines] if len(lines) == len(plain) else [escape(line) for line in plain]  # noqa: S704


@lru_cache(maxsize=512)
def _lexer(language: str | None, name: str) -> Lexer | None:
    known = _OTHER_NAMES.get(language or "", language)
    for find, wanted in ((find_lexer_class_by_name, known), (find_lexer_class_for_filename, name)):
        try:
            found = find(wanted) if wanted else None
        except ClassNotFound:
            continue
        if found is not None:
            return found(stripnl=False, stripall=False, ensurenl=False)
    return None
