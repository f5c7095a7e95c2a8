"""Query analysis: what kind of question it is, and what to look for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log
from typing import Literal

from codebase_core.lexical.identifiers import identifiers, is_spaceless, parts, words_and_numbers
from codebase_core.lexical.terms import count_terms

from .asked_roles import asked_roles
from .report import Kind, is_report, parts_of, path_tails

MAX_CHARACTERS = 8_000
"""The rest of a longer query is not read; characters."""

PART_WEIGHTS: dict[Kind, float] = {"title": 3.0, "prose": 1.0, "trace": 1.0, "code": 0.5}
"""How much a word counts by the part of a report in which it stands; repeats within a part count by their logarithm.

Titles at 2 and 5 and code at 0.25 and 1 score alike (docs/ranking.md).
"""

_STOP_WORDS = """
a an and are as at be by do does for from has have how if in is it its not of on or the to was what when where which who why with
that this these those can will would should could i we you they them their there into about between during after before while
than then so via each any all both only also such use used uses using implement implemented implementation implements code
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_WHERE_WORDS = (
    "defined definition define defines declared declaration declares located location find show me exact source file"
)
_KIND_WORDS = (
    "class function method type struct interface trait enum module constant variable macro field property symbol"
)
LOOK_UP_WORDS = frozenset(f"{_WHERE_WORDS} {_KIND_WORDS}".split())
"""Words beside a name that ask for nothing but its definition, as in "where is the class Pool defined"."""

_ASKING_WORDS = STOP_WORDS | LOOK_UP_WORDS

_MARKS = "`'\",;:?!()."
_QUALIFIED = re.compile(r"[^\W\d]\w*(?:(?:::|\.|->|#|\\)~?[^\W\d]\w*)*")
_SEPARATOR = re.compile(r"::|\.|->|#|\\")
_NAME_LIKE = re.compile(r"_|[a-z0-9][A-Z]|[A-Z]{2}[a-z]|^[A-Z]")
_FILE = re.compile(r"(?<![\w.-])[\w.-]*(?:/[\w.-]+)+|(?<![\w-])[\w-]+\.[a-z][a-z0-9]{0,7}")
_INNER = re.compile(r"[^\W_]_[^\W_]|[a-z0-9][A-Z]|[A-Z]{2}[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """An analysed query: a name, a question, or a report of several lines (report.py).

    ``meaning`` is what is embedded: of a report, its title and what its author says, without code and what a program printed.
    ``terms`` are weighted by their repeats; ``words`` are lower-case for path matching; ``names`` maps a folded name to look
    up as a definition to its qualifiers; ``paths`` are file names or path tails; ``asked`` are roles of files.
    """

    text: str
    kind: Literal["symbol", "sentence", "report"]
    meaning: str
    terms: dict[str, float]
    words: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    paths: tuple[str, ...]
    asked: frozenset[str]


def analyse(text: str) -> Query:
    """Analyse a query; every text is allowed, an empty one has no terms."""
    text = text[:MAX_CHARACTERS].strip()
    return _report(text) if is_report(text) else _question(text)


def _question(text: str) -> Query:
    text = _looked_up(text) or text
    symbol = _is_symbol(text)
    kept = text if symbol else " ".join(_without_stop_words(words_and_numbers(text)))
    names = dict([_folded(text)]) if symbol else _embedded(text)
    return Query(
        text=text,
        kind="symbol" if symbol else "sentence",
        meaning=text,
        terms=_asked_terms(kept),
        words=_path_words(text),
        names=names,
        paths=tuple(path for found in _FILE.findall(text) if (path := found.lstrip("./"))),
        asked=asked_roles(text),
    )


def _report(text: str) -> Query:
    """Analyse a report part by part; it asks for source, whatever tests, examples and documents it mentions."""
    found = parts_of(text)
    said: dict[Kind, str] = {kind: "\n".join(part.text for part in found if part.kind == kind) for kind in PART_WEIGHTS}
    terms: dict[str, float] = {}
    for kind, weight in PART_WEIGHTS.items():
        for term, times in _asked_terms(" ".join(_without_stop_words(words_and_numbers(said[kind])))).items():
            terms[term] = terms.get(term, 0.0) + weight * (1 + log(times))
    names = {
        name: qualifiers
        for kind in PART_WEIGHTS
        if kind != "code"
        for name, qualifiers in _embedded(said[kind]).items()
    }
    title = said["title"]
    return Query(
        text=text,
        kind="report",
        meaning="\n".join([*(title for _ in range(int(PART_WEIGHTS["title"]))), said["prose"]]),
        terms=terms,
        words=_path_words("\n".join(said.values())),
        names=names,
        paths=path_tails(found),
        asked=frozenset(),
    )


def _path_words(text: str) -> tuple[str, ...]:
    """Return the words to compare paths with, lower-case, each once."""
    said = (part for identifier in identifiers(text) for part in parts(identifier))
    return tuple(dict.fromkeys(word for word in said if len(word) > 1 and word not in STOP_WORDS))


def _asked_terms(text: str) -> dict[str, float]:
    """Return the terms of a query by their repeats; of a run in a script without spaces its pairs of letters are enough."""
    counted = count_terms(text)
    alone = {part for word in words_and_numbers(text) for part in parts(word) if len(part) == 1}
    return {
        term: float(times)
        for term, times in counted.items()
        if len(term) > 1 or term in alone or not is_spaceless(term)
    }


def _is_symbol(text: str) -> bool:
    """Tell whether the whole query is one name that could not be a plain word: qualified, CamelCase, snake_case."""
    if not _QUALIFIED.fullmatch(text):
        return False
    return bool(_SEPARATOR.search(text) or _NAME_LIKE.search(text))


def _looked_up(text: str) -> str | None:
    """Return the one name whose definition a text asks for, and nothing else: also of ``send_all()``."""
    words = [word.strip(_MARKS) for word in text.split()]
    names = [word for word in words if word.lower() not in _ASKING_WORDS]
    if len(names) != 1 or not _QUALIFIED.fullmatch(names[0]):
        return None
    # A capital alone begins any word.
    return names[0] if _SEPARATOR.search(names[0]) or _INNER.search(names[0]) else None


def split_name(text: str) -> tuple[str, tuple[str, ...]]:
    """Split a qualified name into its last part and the qualifiers before it, lower-case: Pool and (db,) of ``db.Pool``."""
    *qualifiers, name = (piece.lstrip("~") for piece in _SEPARATOR.split(text))
    return name, tuple(qualifier.lower() for qualifier in qualifiers)


def _folded(text: str) -> tuple[str, tuple[str, ...]]:
    name, qualifiers = split_name(text)
    return name.lower(), qualifiers


def _embedded(text: str) -> dict[str, tuple[str, ...]]:
    """Return the names that occur in a sentence; a query of a single word may be one."""
    words = _QUALIFIED.findall(text)
    if len(words) == 1 == len(text.split()):
        return dict([_folded(words[0])])
    return dict(_folded(word) for word in words if _INNER.search(word) or "::" in word)


def _without_stop_words(words: list[str]) -> list[str]:
    kept = [word for word in words if word.lower() not in STOP_WORDS]
    return kept or words
