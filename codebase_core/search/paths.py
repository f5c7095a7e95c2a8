"""What a file's path says about a query: name and folder matched word by word."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from codebase_core.lexical.bounded_cache import BoundedCache
from codebase_core.lexical.identifiers import identifiers, parts
from codebase_core.lexical.terms import stem

_NAMELESS = frozenset({"index", "mod", "__init__", "main", "lib", "init", "default", "doc", "package-info"})
"""Files that are named after their folder."""

_MIN_PREFIX, _MIN_COMMON, _COMMON_SHARE = 3, 5, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class PathMatch:
    """Three shares between 0 and 1.

    ``name`` is the part of the query's weight found in the file's name, ``folders`` what its folders add, ``coverage`` the
    part of the name that the query says.
    """

    name: float
    folders: float
    coverage: float


@lru_cache(maxsize=1 << 14)
def file_stem(path: str) -> str:
    """Return the name a reader knows a file by: without its last extension; the folder's for index files."""
    *folders, name = path.split("/")
    base = name.rsplit(".", 1)[0] or name
    base = base.removesuffix(".d")
    return folders[-1] if base.lower() in _NAMELESS and folders else base


@lru_cache(maxsize=1 << 14)
def _split(name: str) -> tuple[str, ...]:
    return tuple(part for identifier in identifiers(name.replace("-", " ")) for part in parts(identifier))


@lru_cache(maxsize=1 << 14)
def _said(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a file's name, and those of the two folders around it."""
    return _split(file_stem(path)), tuple(part for folder in path.split("/")[:-1][-2:] for part in _split(folder))


class PathWords:
    """The words of a query, to compare paths with. Names repeat from path to path: each is compared once."""

    def __init__(self, words: Sequence[str], weights: Mapping[str, float]) -> None:
        self._weights = {word: weights[word] for word in words}
        self._total = sum(self._weights.values())
        self._agreeing = BoundedCache(self._agree)

    def match(self, path: str) -> PathMatch:
        """Compare a path with the words, weighted (docs/ranking.md, path stage)."""
        name, folders = _said(path)
        in_name = {word for part in name for word in self._agreeing[part]}
        elsewhere = {word for part in folders for word in self._agreeing[part]} - in_name
        return PathMatch(
            name=self._share(in_name),
            folders=self._share(elsewhere),
            coverage=sum(bool(self._agreeing[part]) for part in name) / len(name) if name else 0.0,
        )

    def _agree(self, part: str) -> tuple[str, ...]:
        return tuple(word for word in self._weights if similar(word, part))

    def _share(self, words: Collection[str]) -> float:
        # In the order of the query: that of a set, and with it the last digit, differs from run to run.
        found = sum(weight for word, weight in self._weights.items() if word in words) if words else 0.0
        return found / self._total if self._total else 0.0


@lru_cache(maxsize=1 << 16)
def similar(one: str, other: str) -> bool:
    """Tell whether two words agree: the same stem, one the other's beginning, or a long common beginning."""
    if one == other or stem(one) == stem(other):
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _MIN_PREFIX and longer.startswith(shorter):
        return True
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(shorter))
    return common >= _MIN_COMMON and common >= _COMMON_SHARE * len(longer)


def word_weights(words: Sequence[str], idf: Mapping[str, float]) -> dict[str, float]:
    """Weigh words by the root of their stem's idf; a word unknown to the index weighs as much as the rarest."""
    rarest = max(idf.values(), default=1.0)
    return {word: sqrt(idf.get(stem(word), rarest)) for word in words}
