"""Parsers and queries, loaded once a process and language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from warnings import catch_warnings, simplefilter

from tree_sitter import Language, Parser, Query

from .languages import LANGUAGES, QUERIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """A parser, which is not safe to share between threads, and the query for definitions."""

    language: str
    parser: Parser
    definitions: Query


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
