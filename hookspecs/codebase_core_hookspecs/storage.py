"""Stores: one place per project, provisioned, opened, migrated and dropped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from .errors import undeclared

if TYPE_CHECKING:
    from .binding import Binding
    from .health import ConnectionUse
    from .indexing import FileState, Manifest, Run, Source, Writer
    from .problems import Problem
    from .projects import Project
    from .retrieval import (
        CheckoutState,
        ChunkId,
        Definition,
        DefinitionQuery,
        Passage,
        RepositoryState,
        Retrieval,
        RetrievalQuery,
        Statistics,
        StoredFile,
    )

Capability = Literal["dense", "lexical", "symbols", "generations", "shared", "backup", "move", "checkouts"]
"""What a store may declare in ``supports``.

``dense`` and ``lexical``: vectors and terms are searched. ``symbols``: so are definitions, and ``definitions`` finds them.
``shared``: several processes may open a place at once. ``generations``: ``open_next``, ``unfinished``, ``drop_next`` and
``Writer.activate``. ``backup``: ``backup`` and ``restore``. ``move``: ``moving``. ``checkouts``: those of one repository share
what is the same in them, and each sees its own files: ``seen_from``, ``known_versions``, ``forget`` and ``Source.main``.
"""


class ProjectStore(Protocol):
    """One project's index, opened. Usable from several tasks of one event loop.

    It stays with the generation that was opened: any method may raise GenerationChanged when that was replaced, and where a
    vector or an id would meet those of another one it must. Whoever asks then opens the store again.

    It answers for the main checkout of every repository; ``seen_from`` answers for another one.
    """

    @property
    def manifest(self) -> Manifest:
        """What the index was made with."""
        ...

    def file_states(self, repository: str, *, under: str = "") -> AsyncIterator[Sequence[FileState]]:
        """Iterate over the known files of a repository in byte order of their paths, in pages.

        ``under`` restricts to one file or folder, relative to the root.
        """
        ...

    def skipped_files(self) -> AsyncIterator[Sequence[tuple[str, FileState]]]:
        """Iterate over (repository, state) of every file that is not indexed as it stands, in pages, in byte order.

        Those that were skipped, cut by lines though a better chunker exists, or read in another encoding than UTF-8.
        """
        ...

    def writing(
        self, source: Source, *, scope: Sequence[str], detail: Mapping[str, Any] = {}
    ) -> AbstractAsyncContextManager[Writer]:
        """Take the write lease and begin a run; raise ProjectBusy naming the holder.

        Leaving the block frees the lease; a run that was not finished is recorded as cancelled or failed. ``detail`` is what
        the run's record says from the beginning; later reports are merged into it. Raises GenerationChanged before anything
        is written if this is not the generation that was opened.
        """
        ...

    async def retrieve(self, query: RetrievalQuery) -> Retrieval:
        """Return the candidates of every arm with both scores, from one snapshot; raise GenerationChanged."""
        ...

    async def passages(self, ids: Sequence[ChunkId]) -> Mapping[ChunkId, Passage]:
        """Return text and file state of chunks; ids that vanished are absent. Raises GenerationChanged."""
        ...

    async def definitions(self, query: DefinitionQuery) -> Sequence[Definition]:
        """Return definitions by name, certain ones first, then by repository, path and line."""
        ...

    async def files(self, files: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], StoredFile]:
        """Return whole files by (repository, path); those that the index does not hold are absent."""
        ...

    async def repositories(self) -> Sequence[RepositoryState]:
        """Return the repositories of the project, by name."""
        ...

    async def statistics(self) -> Statistics:
        """Count what the index holds."""
        ...

    async def runs(self, *, limit: int) -> Sequence[Run]:
        """Return the latest runs of this checkout, newest first; one that died is ``interrupted``.

        A store may forget old ones, but not the last one of a repository and scope that was ``done``.
        """
        return ()

    def seen_from(self, checkout: CheckoutState) -> ProjectStore:
        """Return the index as another checkout of a repository sees it (``checkouts`` in ``supports``).

        Every method then answers for it: of its repository it sees exactly the files that were written for it, of others what
        their main checkouts have. ``repositories`` has its root, commit and time in place of the main one's. No change of any
        other checkout changes an answer, scores included. Raises GenerationChanged from ``retrieve`` once it was forgotten.
        """
        raise undeclared("seen_from")

    async def known_versions(self, repository: str, states: Sequence[FileState]) -> frozenset[str]:
        """Return the paths of those files whose content the store has, from whichever checkout (``checkouts`` in ``supports``).

        It has a file whose path, ``content_hash``, ``pipeline`` and ``skipped`` are the same. What is returned can be written as
        ``Batch.reused``, without chunks and vectors, into the checkout that this store answers for.
        """
        return frozenset()

    async def forget(self, checkout: CheckoutState) -> None:
        """Drop a checkout, and what no other one sees (``checkouts`` in ``supports``); idempotent.

        Takes the write lease, and works in bounded steps. Raises ProjectBusy.
        """
        raise undeclared("forget")

    async def aclose(self) -> None:
        """Release what the store holds for this project."""
        return None


class Store(Protocol):
    """An isolation strategy: how a project gets a place of its own.

    ``plan`` is pure naming. Running ``provision`` or ``drop`` again is the repair of an interrupted one.
    """

    def plan(self, project: UUID, name: str, *, server: str, attempt: int = 0) -> Binding:
        """Name the place of a new project; a second attempt gives a name that is certain to be free."""
        ...

    async def provision(self, binding: Binding, manifest: Manifest) -> None:
        """Create the place and its tables, marked with the project's id; idempotent, safe when called concurrently.

        Raises ProvisionError with the statement an administrator must run, or NotOwned if the place is somebody else's.
        """
        ...

    async def open(self, binding: Binding, *, project: UUID) -> ProjectStore:
        """Open a project's index to read or write; never migrates.

        Raises NotProvisioned, FormatTooNew, or NotOwned if the place holds another project's index.
        """
        ...

    async def migrate(self, binding: Binding, *, project: UUID) -> None:
        """Bring the tables to this version's form; a no-op when they are current. Only a writer calls it."""
        return None

    async def drop(self, binding: Binding, *, project: UUID) -> None:
        """Remove the place and everything in it; idempotent. Raises NotOwned if it lacks the project's mark."""
        ...

    async def open_next(self, binding: Binding, manifest: Manifest) -> ProjectStore:
        """Open the next generation, which is built beside the current one (``generations`` in ``supports``).

        One that was begun with this manifest is continued, any other is dropped and begun anew; ``manifest.generation`` is the
        current one plus 1. What is read and written is the next generation's; lease and runs are the project's, so that one
        writer works at a time. Searches go on in the current one until ``Writer.activate``. Raises ProjectBusy.
        """
        raise undeclared("open_next")

    async def unfinished(self, binding: Binding, *, project: UUID) -> Manifest | None:
        """Return what the next generation is being built with; None if none was begun."""
        return None

    async def drop_next(self, binding: Binding, *, project: UUID) -> None:
        """Give the next generation up; idempotent. Raises ProjectBusy while somebody writes."""
        return None

    async def backup(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Write one project's index to a new file, one snapshot of it (``backup`` in ``supports``)."""
        raise undeclared("backup")

    async def restore(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Make a place from a backup's file, marked as this project's; raise NotOwned if there is something already."""
        raise undeclared("restore")

    def moving(self, source: Binding, target: Binding, *, project: UUID) -> AbstractAsyncContextManager[None]:
        """Copy a place of this plugin's stores to one of this store's, and compare both (``move`` in ``supports``).

        Within the block the copy is complete and no writer can change the source; core binds the project to the target and
        drops the source. When the block raises, the copy is dropped.
        """
        raise undeclared("moving")

    async def verify(self, server: str, projects: Sequence[Project]) -> Sequence[Problem]:
        """Compare the places on a server with the projects that the registry knows for it."""
        ...

    async def same_server(self, one: str, other: str) -> bool:
        """Tell whether two names may lead to one server: what is bound by one name is then no orphan by the other."""
        return one == other

    async def connections(self) -> Sequence[ConnectionUse]:
        """Say how the connections to each server that was used are in use; empty where a store has none."""
        return ()

    async def check(self, server: str) -> Sequence[Problem]:
        """Say what is missing on a server (reachability, rights, extension) before projects can be made there."""
        return ()

    async def aclose(self) -> None:
        """Release what the store holds."""
        return None
