"""Parsers and queries, loaded once a process and language; a parse is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from time import thread_time
from warnings import catch_warnings, simplefilter

from tree_sitter import Language, Node, Parser, Point, Query

from .languages import LANGUAGES, QUERIES

LEAST_SECONDS, SLOWEST = 1.0, 200_000
"""Processor time that any text may take, and the bytes a second beyond which a grammar has lost its way.

Grammars read 1 to 7 MB of code a second; 55 kB of unclosed braces took one of them 13 s, 3 kB of mixed brackets another 6 s.
"""

_WINDOW = 1_024
"""Bytes that are handed over at a time: a parse can be stopped only where it asks for its text, and so does ``Node.text``.

Against all of it at once a parse takes 1.05 of the time; with 64 kB each name that is read takes 60 µs instead of 2.
"""


class ParseTimeout(ValueError):
    """A text took its grammar too long to parse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """A parser, which is not safe to share between threads, and the query for definitions."""

    language: str
    parser: Parser
    definitions: Query

    def parse(self, text: bytes, *, seconds: float | None = None) -> Node:
        """Return the root of a text's tree; raise ParseTimeout after ``seconds`` of processor time, if given."""
        allowed = seconds_for(text) if seconds is None else seconds
        deadline = thread_time() + allowed

        def read(at: int, _: Point) -> bytes:
            return text[at : at + _WINDOW]

        try:
            return self.parser.parse(read, progress_callback=lambda *_: thread_time() > deadline).root_node
        except ValueError as exc:
            self.parser.reset()
            raise ParseTimeout(f"not parsed within {allowed:.1f} s") from exc


def seconds_for(text: bytes) -> float:
    """Return the processor time that a text may take its grammar, in seconds."""
    return LEAST_SECONDS + len(text) / SLOWEST


@cache
def grammar(language: str) -> Grammar | None:
    """Return what parses a language; None if its wheel is not installed, or there is none."""
    if language not in LANGUAGES:
        return None
    module, function = LANGUAGES[language]
    try:
        with catch_warnings():
            simplefilter("ignore", DeprecationWarning)  # older wheels return an address, newer ones a capsule
            loaded = Language(getattr(import_module(module), function)())
    except ImportError:
        return None
    name = QUERIES.get(language, language)
    text = resources.files(__package__).joinpath("queries", f"{name}.scm").read_text(encoding="utf-8")
    return Grammar(language=language, parser=Parser(loaded), definitions=Query(loaded, text))
