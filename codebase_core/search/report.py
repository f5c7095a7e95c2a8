"""The parts of a report: its title, what its author says, code, stack traces; and what says nothing of the code that is sought.

Markdown and plain text, as people write bug reports: a first line, paragraphs under headings of a form, fenced or indented code,
what a program printed, versions of what is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

LEAST_WORDS = 20
"""Fewer words on several lines are a question."""

MOST_TAIL = 5
"""So many parts of a path are compared, from its end: what stands before is where somebody installed it."""

Kind = Literal["title", "prose", "trace", "code"]

_FENCE = re.compile(r"\s*(?:```|~~~)")
_INDENTED = re.compile(r" {4}|\t|\s*(?:>>>|\.\.\. |\$ )")
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|</?(?:details|summary|br|p|pre|code|kbd|b|i)\b[^>]*>", re.DOTALL | re.IGNORECASE
)
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}\s.*|\*\*[^*]+\*\*:?|__[^_]+__:?|[A-Z][^.!?]{0,60}:)\s*")
_UNDERLINE = re.compile(r"\s*([=\-~^#*])\1{2,}\s*")
_FORM = re.compile(r"\s*(?:[-*]\s*\[[ xX]\].*|[_*]*(?:no response|n/?a|none)[_*]*\.?\s*)", re.IGNORECASE)
"""Boxes that were ticked, fields that were left empty."""

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"https?://\S+")
_VERSION = re.compile(r"\bv?\d+\.\d+(?:\.\w+)*\b")
_KEY = re.compile(r"\s*(?:[-*+]\s*)?[\w .()/+-]{1,30}\s*[:=]")
_MOST_WORDS_OF_VERSION = 4

_FRAME = re.compile(
    r"""File "[^"]+", line \d+"""  # Python
    r"""|\bat [\w$.<>]+\([\w.]+:\d+\)"""  # Java, Kotlin, Scala
    r"""|(?:^|[\s('"])(?:[\w.@~-]*/)*[\w.-]+\.[A-Za-z]\w{0,7}:\d+"""  # JavaScript, Go, Ruby, compilers: file:line
)
_ERROR = re.compile(r"\s*(?:E\s+)?(?:[\w.]*\.)?\w*(?:Error|Exception|Warning|Failure|Fault|panic)\b")
_PATH = re.compile(r"(?<![\w.@~+-])(?:[A-Za-z]:)?[\w.@~+-]*(?:[/\\][\w.@+-]+)+")


class Part(NamedTuple):
    """A line of a report and what it is; of the author's words, markup is taken away."""

    kind: Kind
    text: str


def is_report(text: str) -> bool:
    """Tell whether a text is more than a question: several lines of at least 20 words."""
    return "\n" in text.strip() and len(text.split()) >= LEAST_WORDS


def parts_of(text: str) -> list[Part]:
    """Return the parts of a report in order; headings, forms, links and versions of what is installed are left out."""
    return list(_parts(_MARKUP.sub(" ", text.replace("\r", "")).split("\n")))


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    fenced, titled = False, False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _FENCE.match(line):
            fenced = not fenced
        elif not line.strip() or _FORM.fullmatch(line) or _UNDERLINE.fullmatch(line):
            continue
        elif not titled:
            titled = True
            yield Part("title", line.lstrip("# "))
        elif _FRAME.search(line) or _ERROR.match(line):
            yield Part("trace", line)
        elif _is_version(line):
            continue
        elif fenced or _INDENTED.match(line):
            yield Part("code", line)
        elif not (_HEADING.fullmatch(line) or _UNDERLINE.fullmatch(following)):
            said = _URL.sub(" ", _LINK.sub(r"\1", _IMAGE.sub(" ", line)))
            if said.strip():
                yield Part("prose", said)


def _is_version(line: str) -> bool:
    """Tell whether a line says which version of something is in use, and nothing else: ``- Python: 3.11.2``, ``six  1.16.0``."""
    if not _VERSION.search(line):
        return False
    words = re.findall(r"[^\W\d_]\w*", _VERSION.sub("", line))
    return len(words) <= _MOST_WORDS_OF_VERSION or _KEY.match(line) is not None


def path_tails(parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the ends of the paths that a report names, from two parts on.

    ``/usr/lib/python3/site-packages/app/pool.py`` is ``app/pool.py`` of a repository, somewhere.
    """
    tails: dict[str, None] = {}
    for part in parts:
        for path in _PATH.findall(part.text.replace("://", " ")):
            names = [name for name in re.split(r"[/\\]", path) if name not in {"", ".", ".."} and ":" not in name]
            if names and "." in names[-1]:
                tails |= dict.fromkeys("/".join(names[-length:]) for length in range(2, min(len(names), MOST_TAIL) + 1))
    return tuple(tails)
