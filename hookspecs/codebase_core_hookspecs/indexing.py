"""Writing an index: the values that travel from the pipeline into a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from .chunking import Chunk
from .embedding import EmbedderIdentity
from .errors import undeclared

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

Outcome = Literal["running", "interrupted", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a project's index was made with; fixed for a generation, so that a row is a pure function of file and manifest.

    ``field_lengths`` are the mean lengths, in terms, of the BM25F fields.
    """

    project: UUID
    generation: int = 1
    format: int = 1
    tokenizer: str
    field_lengths: Mapping[str, float]
    embedder: EmbedderIdentity | None = None
    embedder_options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What the index knows of a file: enough to see that it changed.

    ``size`` in bytes, ``mtime_ns`` in nanoseconds; ``pipeline`` names chunker and versions, so that a file made with an
    older one is renewed; ``skipped`` is the reason if the file is not indexed, ``fallback`` why it was cut by lines although a
    better chunker exists. ``encoding`` is what the file was read as, None for UTF-8. ``inode`` and ``ctime_ns`` tell its content
    from another of one size and time: 0 if they are not known, a negative ``ctime_ns`` if it may have changed since.
    """

    path: str
    size: int
    mtime_ns: int
    content_hash: bytes
    pipeline: str
    skipped: str | None = None
    fallback: str | None = None
    encoding: str | None = None
    inode: int = 0
    ctime_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedChunk:
    """A chunk with everything that is searched.

    ``impacts[i]`` is the BM25F impact of ``terms[i]`` (distinct); ``vector`` is float32 ``(d,)``, or None if the text has
    nothing to embed.
    """

    chunk: Chunk
    text: str
    terms: Sequence[str]
    impacts: Sequence[float]
    text_hash: bytes
    vector: NDArray[float32] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedFile:
    """A file and its chunks; a skipped file has none."""

    state: FileState
    language: str | None = None
    roles: frozenset[str] = frozenset()
    chunks: tuple[IndexedChunk, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one transaction changes: files with new content, files whose state alone changed, paths that are gone.

    ``reused`` are files with new content that the store has already: ``ProjectStore.known_versions`` named their paths.
    """

    replaced: tuple[IndexedFile, ...] = ()
    touched: tuple[FileState, ...] = ()
    removed: tuple[str, ...] = ()
    reused: tuple[FileState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A checkout of a repository as it is written to a project: its root on a machine, identity and commit.

    ``main``: the repository's main checkout is here from now on. False: it is another one, beside the main one, and what it sees
    is its own (``checkouts`` in ``supports``).
    """

    name: str
    identity: str
    root: str
    machine: UUID
    commit: str | None = None
    main: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass of indexing. ``scope`` are the folders it covers, relative to the root; empty is all of it."""

    id: int
    repository: str
    scope: tuple[str, ...]
    commit: str | None
    holder: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Outcome = "running"
    detail: Mapping[str, Any] = field(default_factory=dict)


class Writer(Protocol):
    """Write access to a project; exists only under its lease."""

    @property
    def run(self) -> Run:
        """The run that this writer records."""
        ...

    async def apply(self, batch: Batch) -> None:
        """Store a batch in one transaction; raise LeaseLost and store nothing if another writer took over.

        What the batch takes from one checkout, and no other sees, is deleted in the same transaction. Sizes and times of files
        are kept for main checkouts alone.
        """
        ...

    async def report(self, detail: Mapping[str, Any]) -> None:
        """Merge what is known so far into the run's record, for whoever watches."""
        return None

    async def finish(self, *, outcome: Literal["done", "failed", "cancelled"], detail: Mapping[str, Any]) -> None:
        """Record how the run ended and update the repository's freshness."""
        ...

    async def activate(self, *, detail: Mapping[str, Any]) -> None:
        """Finish as done and make the generation that was written the current one, both or neither; the old one is dropped.

        A search that began in the old generation ends there or raises GenerationChanged; it never sees both. For writers of
        a next generation (``Store.open_next``) only.
        """
        raise undeclared("activate")
