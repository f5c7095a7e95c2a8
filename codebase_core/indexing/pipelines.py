"""The pipeline that a file is indexed with, as a short text: chunkers in question, features, tokenizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from codebase_core.lexical.terms import TOKENIZER
from codebase_core.sources.languages import language_of

from .chunkers import extensions_of, fingerprint
from .features import FEATURES

if TYPE_CHECKING:
    from codebase_core_hookspecs import ChunkerPlugin


class Pipelines:
    """Name pipelines by path, so that a file cut by an older chunker is found without reading it."""

    def __init__(self, chunkers: Sequence[ChunkerPlugin], options: Mapping[str, Mapping[str, Any]] = {}) -> None:
        self._chunkers = chunkers
        self._options = options
        self._extensions = extensions_of(chunkers)
        self._names: dict[str | None, str] = {}

    @property
    def signature(self) -> str:
        """What all names depend on, as one text."""
        chunkers = [
            f"{c.name}/{c.version}{fingerprint(c, self._options.get(c.name, {}))}:{','.join(sorted(c.languages))}"
            for c in self._chunkers
        ]
        return " ".join([*chunkers, repr(sorted(self._extensions.items())), FEATURES, TOKENIZER])

    def of(self, path: str) -> str:
        """Return the pipeline for a path."""
        language = language_of(path.rpartition("/")[2], extensions=self._extensions)
        if language not in self._names:
            asked = [c for c in self._chunkers if "*" in c.languages or language in c.languages]
            names = [f"{c.name}/{c.version}{fingerprint(c, self._options.get(c.name, {}))}" for c in asked]
            self._names[language] = " ".join([*names, FEATURES, TOKENIZER])
        return self._names[language]
