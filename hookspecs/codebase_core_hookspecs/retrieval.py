"""Reading an index: everything that ranking, freshness and coverage need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, NewType
from uuid import UUID

from .chunking import Span, Symbol
from .indexing import FileState, Run

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

ChunkId = NewType("ChunkId", int)
Arm = Literal["dense", "lexical", "symbol", "path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that every candidate meets. What a path glob means says ``glob_expression``; one of them has to match.

    A file has one of ``roles`` where any are given, and none of ``without_roles``.
    """

    repositories: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    path_globs: tuple[str, ...] = ()
    without_roles: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalQuery:
    """A question to the store.

    ``vector`` is float32 ``(d,)`` of unit length or None, and zeros find nothing; ``terms`` maps a term to its weight; ``names``
    are folded identifiers to look up as definitions, whatever their case; ``paths`` are ends of paths, from a slash on, and find
    the first chunk of such files. ``per_arm`` caps the candidates of an arm (twice that for symbols); ties go to
    the lowest id.
    """

    vector: NDArray[float32] | None = None
    terms: Mapping[str, float] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    per_arm: int = 150
    filters: Filters = Filters()


class Candidate(NamedTuple):
    """A chunk that at least one arm found, with its features.

    ``dense`` is the cosine, ``lexical`` the BM25F score, which is the sum over the query's terms of weight * idf * impact: both
    are given for every candidate where the arm exists, whichever arm found it. The lexical arm finds what holds one of the
    terms; a store may look for the rarest alone. ``symbols`` are its definitions among the names that were asked for.

    A named tuple because hundreds are made for an answer: 170 take 19 us with ``_make``, 430 us as a frozen dataclass (CPython
    3.11). Give its fields by name, or rows to ``_make`` in the order of the fields.
    """

    id: ChunkId
    repository: str
    path: str
    language: str | None
    roles: frozenset[str]
    span: Span
    kind: str
    scope: str
    symbols: tuple[Symbol, ...]
    arms: frozenset[Arm]
    dense: float | None = None
    lexical: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutState:
    """Another checkout of a repository than its main one, such as a worktree: where it is, and how fresh what it sees is.

    ``id`` is the store's own and never used again. Without ``indexed_at`` its first run has not ended: nobody knows yet what it
    sees.
    """

    id: int
    root: str
    machine: UUID
    commit: str | None
    indexed_at: datetime | None
    running: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryState:
    """How fresh a repository's index is, and where its files were when it was made.

    ``main``: this is its main checkout, which a project is asked for by itself. ``checkouts`` are the others.
    """

    name: str
    identity: str
    root: str
    machine: UUID
    commit: str | None
    indexed_at: datetime | None
    running: bool = False
    main: bool = True
    checkouts: Sequence[CheckoutState] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """The answer of a store, one snapshot.

    ``idf`` is given for every term of the query: ln(1 + (n - df + 0.5) / (df + 0.5)) for a term that df of the n chunks hold that
    are seen. ``missing_arms`` holds ``dense`` where the query has no vector.
    """

    candidates: Sequence[Candidate]
    idf: Mapping[str, float]
    repositories: Mapping[str, RepositoryState]
    missing_arms: frozenset[Arm] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The text of a chunk, all that it defines, and the state of its file when it was indexed.

    Of a chunk with a ``scope``, a store may also return the definition ``within`` which it lies, and the lines with which that
    begins.
    """

    text: str
    symbols: tuple[Symbol, ...]
    file: FileState
    within: Symbol | None = None
    opening: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChunk:
    """A chunk as it was stored, with everything that it defines."""

    id: ChunkId
    span: Span
    scope: str
    symbols: tuple[Symbol, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it was indexed: the texts of its chunks in order are the whole file."""

    state: FileState
    language: str | None
    roles: frozenset[str]
    chunks: tuple[StoredChunk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionQuery:
    """A look-up of definitions by name, without regard to case; with ``prefix`` by the beginning of the name.

    With ``pattern`` each ``*`` in the name stands for any characters, none included, and everything else for itself.
    ``also`` are other names that are looked up whole; what has any of the names is found, once.
    """

    name: str
    prefix: bool = False
    pattern: bool = False
    also: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    filters: Filters = Filters()
    limit: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A definition and where it is."""

    symbol: Symbol
    repository: str
    path: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What an index holds. Every included byte is in some chunk: ``bytes_seen == bytes_chunked``.

    ``bytes_stored`` is what it takes on the server's disk, indexes included.
    """

    files: int
    chunks: int
    symbols: int
    without_vector: int
    bytes_seen: int
    bytes_chunked: int
    skipped: Mapping[str, int]
    languages: Mapping[str, int]
    repositories: Sequence[RepositoryState]
    last_runs: Mapping[str, Run]
    bytes_stored: int = 0
