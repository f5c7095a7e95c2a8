"""Index a repository into an opened project."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import Source

from codebase_core.errors import NothingToIndex
from codebase_core.projects.moved import state_before_move

from .caching_embedder import CachingEmbedder
from .checkout_files import CheckoutFiles
from .chunkers import extensions_of, options_of
from .pipeline import IndexRun
from .pipelines import Pipelines
from .progress import Progress
from .scopes import covers
from .vector_cache import VectorCache
from .workers.messages import Setup

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Embedder, EmbedderPlugin, ProjectStore, Writer

    from codebase_core.config.settings import Settings
    from codebase_core.plugins.manager import PluginManager
    from codebase_core.projects.repository import Repository
    from codebase_core.projects.resolution import Resolution
    from codebase_core.sources.scan import Scan

    from .progress import OnProgress
    from .workers.pool import WorkerPool


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What a run did."""

    resolution: Resolution
    repository: str
    root: str
    scope: str
    created: bool
    progress: Progress

    def as_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "project": self.resolution.as_dict() | {"created": self.created},
            "repository": self.repository,
            "root": self.root,
            "scope": self.scope,
            **self.progress.as_dict(),
        }


@dataclass(frozen=True, kw_only=True)
class Indexer:
    """What runs of a project have in common. ``store`` is the generation that is written."""

    store: ProjectStore
    embedder: tuple[EmbedderPlugin, Embedder] | None
    settings: Settings
    plugins: PluginManager
    pool: WorkerPool
    force: bool = False
    on_progress: OnProgress = lambda _: None
    detail: Mapping[str, Any] = field(default_factory=dict)

    async def index(self, source: Source, scan: Scan, *, activate: bool = False, shared: bool = False) -> Progress:
        """Run once; ``activate`` then makes a next generation the current one.

        ``shared``: other checkouts of the repository are in the project, so that some content may be stored already.
        """
        progress = Progress()
        with self._caching(progress) as embedder:
            run = self._run(source.name, scan, embedder=embedder, progress=progress)
            run.shared = shared or not source.main
            await self._perform(run, source, scan, activate=activate)
        return progress

    async def _perform(self, run: IndexRun, source: Source, scan: Scan, *, activate: bool) -> None:
        async with self.store.writing(source, scope=scan.scope, detail=self.detail) as writer:
            logger.info("index begins", extra={"run": writer.run.id, "root": source.root, "scope": list(scan.scope)})
            if source.main:
                progress = await run.execute(writer)
            else:
                progress = await self._execute_beside(run, source, writer)
            if activate:
                await writer.activate(detail=progress.as_dict())
            else:
                await writer.finish(outcome="done", detail=progress.as_dict())
            logger.info("index ends", extra={"run": writer.run.id, **progress.as_dict()})

    async def _execute_beside(self, run: IndexRun, source: Source, writer: Writer) -> Progress:
        """Run over what another checkout than the main one sees; sizes and times of its files are kept on this machine."""
        (state,) = (each for each in await self.store.repositories() if each.name == source.name)
        (own,) = (each for each in state.checkouts if (each.machine, each.root) == (source.machine, source.root))
        run.store = self.store.seen_from(own)
        run.begins = own.indexed_at is None
        run.files = CheckoutFiles.of(self.settings.home, self.store.manifest.project, source.root)
        try:
            if run.begins:
                await self._compare_contents(run, run.files)
            return await run.execute(writer)
        finally:
            run.files.save()

    async def _compare_contents(self, run: IndexRun, files: CheckoutFiles) -> None:
        """Find the files that a new checkout has in common with the main one."""
        async for page in run.store.file_states(run.repository):
            wanted = [state for state in page if not run.scan.scope or covers(run.scan.scope, state.path)]
            await asyncio.to_thread(files.read, run.scan.root, wanted)

    @contextmanager
    def _caching(self, progress: Progress) -> Iterator[Embedder | None]:
        """Lend the embedder; one whose vectors are kept is asked only for those that are not."""
        most: int = self.settings["vector_cache_mb"]
        if self.embedder is None:
            yield None
            return
        plugin, embedder = self.embedder
        if not plugin.cache_vectors:
            yield embedder
            return
        file = self.settings.home / "vectors.sqlite"
        cache = VectorCache(file, embedder.identity, most_bytes=most * 1_000_000) if most else None
        try:
            yield CachingEmbedder(embedder, cache, progress)
        finally:
            if cache is not None:
                cache.close()

    def _run(self, repository: str, scan: Scan, *, embedder: Embedder | None, progress: Progress) -> IndexRun:
        chunkers = self.plugins.chunkers()
        options = options_of(chunkers, self.settings)
        plugin = self.embedder[0] if self.embedder is not None else None
        return IndexRun(
            store=self.store,
            embedder=embedder,
            file_centroid=plugin is not None and plugin.file_centroid,
            hash_texts=plugin is not None and plugin.cache_vectors,
            scan=scan,
            repository=repository,
            setup=Setup(
                field_lengths=dict(self.store.manifest.field_lengths),
                embedded=plugin.document_text if plugin is not None else "none",
                max_file_bytes=scan.max_file_bytes,
                chunker_options=options,
                extensions=extensions_of(chunkers),
            ),
            pipelines=Pipelines(chunkers, options),
            pool=self.pool,
            force=self.force,
            on_progress=self.on_progress,
            progress=progress,
        )


async def index_repository(
    repository: Repository, scan: Scan, *, indexer: Indexer, machine: UUID, main: bool = True
) -> tuple[str, Progress]:
    """Run once and return the repository's name in the project; raise NothingToIndex if nothing can be indexed.

    ``main``: it is the repository's main checkout from now on, else another one beside it.
    """
    source = replace(await source_of(repository, indexer.store, machine), main=main)
    shared = any(each.checkouts for each in await indexer.store.repositories() if each.name == source.name)
    progress = await indexer.index(source, scan, shared=shared)
    if not progress.has_source and not progress.skipped:
        raise nothing_to_index(repository, progress)
    return source.name, progress


def nothing_to_index(repository: Repository, progress: Progress) -> NothingToIndex:
    """Build the error for a folder without a file that can be indexed; it says what was left out, and why."""
    skipped = ", ".join(f"{count:,} {reason}" for reason, count in progress.skipped.most_common())
    return NothingToIndex(
        f"{repository.root / repository.scope} holds no file that could be indexed{skipped and f' (left out: {skipped})'}",
        hint="check ignore files, or name a file or folder explicitly",
    )


async def source_of(repository: Repository, store: ProjectStore, machine: UUID) -> Source:
    """Name the repository within its project: as before if it is known here or by its origin, else after its folder."""
    identity = repository.identity(machine)
    known = await store.repositories()
    before = state_before_move(repository, known, machine=machine)
    name = next((r.name for r in known if r.identity == identity), before.name if before is not None else None)
    taken = {r.name for r in known}
    pieces = list(reversed(repository.root.parts)) or ["/"]
    for count in range(1, len(pieces) + 1):
        if name is None and (candidate := "/".join(reversed(pieces[:count])).strip("/") or "root") not in taken:
            name = candidate
    return Source(
        name=name or str(repository.root),
        identity=identity,
        root=str(repository.root),
        machine=machine,
        commit=repository.commit(),
    )
