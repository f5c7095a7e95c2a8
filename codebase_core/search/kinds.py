"""Kinds of definitions as people call them: a class is a type, a module a namespace."""

from __future__ import annotations

KINDS = {
    "type": "class struct interface trait enum union record protocol typedef alias object",
    "function": "func fn def procedure subroutine macro rule target",
    "method": "constructor member",
    "const": "constant variable var let",
    "namespace": "module package section heading",
    "impl": "implementation extension",
    "decl": "declaration prototype reexport",
    "field": "property attribute key column",
}
"""The kinds of the bundled chunkers, each with other words for it."""

_BY_WORD = {word: kind for kind, words in KINDS.items() for word in words.split()}


def kinds_named(names: frozenset[str]) -> frozenset[str]:
    """Return the kinds that somebody means; a word that nobody knows stands for itself, as a plugin's chunker may have it."""
    return frozenset(kind for name in names for kind in _meant(name.strip().lower()))


def _meant(name: str) -> tuple[str, ...]:
    for word in (name, name.removesuffix("s"), name.removesuffix("es")):
        if word in KINDS or word in _BY_WORD:
            return (_BY_WORD.get(word, word), name)
    return (name,)


def unknown_kinds(names: frozenset[str]) -> str | None:
    """Say which of the words for kinds nobody knows, and list the kinds; None if all are known."""
    unknown = sorted(name for name in names if not kinds_named(frozenset({name})) & KINDS.keys())
    return f"no kind is {', '.join(unknown)}; there are: {', '.join(KINDS)}" if unknown else None
