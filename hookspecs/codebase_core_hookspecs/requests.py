"""What can be asked of a project's index, the same from the command line, Python and plugins."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TypeAlias, TypedDict

from .errors import InvalidRequest
from .retrieval import Filters

MAX_LIMIT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """How much of each hit is shown.

    ``lines`` are added on both sides; with ``full`` no function is cut, and without it neither a line nor a hit is longer than
    anybody reads; ``max_tokens`` bounds all hits together, None does not.
    """

    lines: int = 0
    full: bool = False
    max_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What every request has.

    ``project``, by name or id, wins over ``path``, the folder that is asked about; without both it is the current folder.
    Raises InvalidRequest for a ``limit`` outside 1 to 1,000.
    """

    path: Path | str | None = None
    project: str | None = None
    limit: int = 10
    filters: Filters = Filters()
    excerpt: Excerpt = Excerpt()

    @property
    def folder(self) -> Path | None:
        """The folder that is asked about, None if none was given."""
        return Path(self.path) if self.path is not None else None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InvalidRequest(f"limit must be 1 to {MAX_LIMIT:,}, not {self.limit}", hint="ask for fewer hits")


@dataclass(frozen=True, slots=True)
class SearchRequest(_Request):
    """A question in words, or for a name. ``without`` names stages of ranking to leave out, to measure them."""

    query: str
    _: KW_ONLY
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SymbolRequest(_Request):
    """A look-up of definitions by name: ``send``, ``Client.send``, ``parse_*``, ``*HTTP*``; only of the ``kinds`` that are given.

    Kinds are ``type``, ``function``, ``method``, ``const``, ``namespace``, ``impl``, ``decl``, ``field``, those of other
    chunkers, and words for them: ``class``, ``struct``, ``func``, ``module``, ….
    """

    query: str
    _: KW_ONLY
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RelatedRequest(_Request):
    """Code that resembles what stands at a line, from 1, of a file; ``file`` is relative to ``path`` or as in an answer."""

    file: str
    line: int


AnyRequest: TypeAlias = SearchRequest | SymbolRequest | RelatedRequest


class RequestFields(TypedDict, total=False):
    """The fields that all requests share, for functions that build one from keywords."""

    path: Path | str | None
    project: str | None
    limit: int
    filters: Filters
    excerpt: Excerpt


class SearchFields(RequestFields, total=False):
    """The fields of SearchRequest."""

    without: frozenset[str]


class SymbolFields(RequestFields, total=False):
    """The fields of SymbolRequest."""

    kinds: frozenset[str]
