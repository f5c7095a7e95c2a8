"""How exactly a definition is the one whose name somebody wrote: by its qualifier, case, file, kind and role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from .names import Reading, folded, readings
from .paths import file_stem

if TYPE_CHECKING:
    from codebase_core_hookspecs import Candidate, Symbol

    from .query import Query

INEXACT = 0
FOLDER, FILE, LAST_PART, OTHER_CASE_ENDING, OTHER_CASE, ENDING, SAME = range(1, 8)
"""How well what is around a definition agrees with a qualifier, worst first.

``FOLDER``: the file's folder is named so in the same case, and nothing is around the definition. ``FILE``: the file is named so.
``LAST_PART``: the innermost name agrees. ``ENDING``: the qualifier is the end of files and names around the definition, as in
``app.Flask.run``. ``SAME``: it is all of the names around it. The others agree but for the case.
"""

_WORD = re.compile(r"[^\W\d]\w*")
_NAME_LIKE = re.compile(r"[^\W_]_|_[^\W_]|[A-Z]")
_SEPARATOR = re.compile(r"[^\w$@#!?=~-]+")
_OF_PLAIN_WORDS = frozenset({"type", "function", "method", "const"})
"""Kinds of which a word may be the name that could also be a word of prose; a field or a heading is what it is in many files."""


class AskedName(NamedTuple):
    """A name that a whole query is; ``plain`` if it could also be a word of prose."""

    reading: Reading
    plain: bool

    def exactness(self, symbol: Symbol, candidate: Candidate) -> int:
        """Return how exactly a candidate's definition has this name, 0 if it is none that comes before what mentions it."""
        level = exactness(symbol, candidate.path, self.reading)
        if not self.plain:
            return level
        certain = symbol.kind in _OF_PLAIN_WORDS and not (symbol.local or symbol.weak)
        return level if certain and level == SAME else INEXACT

    def definition(self, candidate: Candidate) -> str:
        """Return the qualified name of the candidate's definition that has this name most exactly; empty if none has it."""
        levels = {symbol.qualified_name: self.exactness(symbol, candidate) for symbol in reversed(candidate.symbols)}
        best = max(levels, key=lambda name: levels[name], default="")
        return best if levels.get(best) else ""


def asked_name(query: Query) -> AskedName | None:
    """Return the name that a query is and nothing else; None for a sentence."""
    if query.kind != "symbol" and not _WORD.fullmatch(query.text):
        return None
    return AskedName(readings(query.text)[-1], plain=query.kind != "symbol" and not _NAME_LIKE.search(query.text))


def exactness(symbol: Symbol, path: str, reading: Reading) -> int:
    """Return how exactly a definition is what a reading says; 0 where its name or all that is around it is another."""
    if folded(symbol.name) not in reading.spellings():
        return INEXACT
    same_case = symbol.name == reading.name or folded(symbol.name) != folded(reading.name)
    if not reading.qualifiers:
        return SAME if same_case else OTHER_CASE
    return _of_qualifier(symbol, path, reading, same_case=same_case)


def _of_qualifier(symbol: Symbol, path: str, reading: Reading, *, same_case: bool) -> int:
    modules, scope = _modules(path), _parts(symbol.qualified_name.removesuffix(symbol.name))
    around = (*modules, *scope)
    for parts, asked, whole, ending in (
        (around, reading.written, SAME, ENDING),
        (_folded(around), reading.qualifiers, OTHER_CASE, OTHER_CASE_ENDING),
    ):
        if scope and (same_case or whole == OTHER_CASE) and parts[-len(asked) :] == asked:
            return whole if len(asked) == len(scope) else ending
    if scope and folded(scope[-1]) == reading.qualifiers[-1]:
        return LAST_PART
    if folded(modules[-1]) == reading.qualifiers[-1]:
        return FILE
    return FOLDER if not scope and modules[-2:-1] == reading.written[-1:] else INEXACT


def _parts(scope: str) -> tuple[str, ...]:
    return tuple(part for part in _SEPARATOR.split(scope) if part)


def _modules(path: str) -> tuple[str, ...]:
    """Return the names of a file and its folders, without the extension; an index file is its folder."""
    *folders, name = path.split("/")
    stem = file_stem(path)
    return (*folders[:-1], stem) if folders and stem == folders[-1] and not name.startswith(stem) else (*folders, stem)


def _folded(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(folded(part) for part in parts)
