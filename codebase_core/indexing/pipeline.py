"""One index run: scan, diff, read in workers, embed, write. The stages overlap and what is between them is bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Batch, FileState, IndexedFile

from .assembly import file_state, indexed_file
from .budget import FILE_OVERHEAD, ByteBudget
from .diff import Changed, Gone, differences
from .progress import OnProgress, Progress
from .vectors import embed_files
from .workers.messages import FileResult, Task

if TYPE_CHECKING:
    from codebase_core_hookspecs import Embedder, ProjectStore, Writer
    from numpy import float32
    from numpy.typing import NDArray

    from codebase_core.sources.scan import Entry, Scan

    from .checkout_files import CheckoutFiles
    from .pipelines import Pipelines
    from .workers.messages import Setup
    from .workers.pool import WorkerPool

BATCH_CHUNKS, BATCH_FILES, BATCH_BYTES = 2_048, 2_048, 4 * 1024 * 1024
GROUP_FILES, GROUP_BYTES = 32, 256 * 1024
IDLE_SECONDS = 0.5
"""A batch that waits this long for more is written as it is."""

REPORT_SECONDS = 1.0
"""The run's record is brought up to date at most this often."""


@dataclass(slots=True)
class _Pending:
    """What the next batch will hold; ``room`` is its share of the byte budget."""

    files: list[FileResult] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    chunks: int = 0
    bytes: int = 0
    room: int = 0

    def add(self, result: FileResult, room: int) -> None:
        self.files.append(result)
        self.chunks += len(result.chunks)
        self.bytes += result.size if result.chunks else 0
        self.room += room

    @property
    def full(self) -> bool:
        return (
            self.chunks >= BATCH_CHUNKS
            or len(self.files) + len(self.removed) >= BATCH_FILES
            or self.bytes >= BATCH_BYTES
        )

    def __bool__(self) -> bool:
        return bool(self.files or self.removed)


@dataclass(kw_only=True)
class IndexRun:
    """Everything one run needs; ``execute`` performs it once."""

    store: ProjectStore
    embedder: Embedder | None
    file_centroid: bool
    hash_texts: bool
    scan: Scan
    repository: str
    setup: Setup
    pipelines: Pipelines
    pool: WorkerPool
    force: bool = False
    on_progress: OnProgress = lambda _: None
    progress: Progress = field(default_factory=Progress)
    shared: bool = False
    """Whether the store may have content of new files from other checkouts."""
    begins: bool = False
    """Whether it is not known yet what the checkout sees: what lies outside the scan is not seen."""
    files: CheckoutFiles | None = None
    """Where sizes and times of a checkout beside the main one are kept."""

    async def execute(self, writer: Writer) -> Progress:
        """Index; raise what stopped it. What was committed before stays, and the next run goes on from there."""
        self._groups: asyncio.Queue[list[Task] | None] = asyncio.Queue(maxsize=self.pool.size)
        self._results: asyncio.Queue[FileResult | None] = asyncio.Queue()
        self._batches: asyncio.Queue[tuple[Batch, int] | None] = asyncio.Queue(maxsize=1)
        self._room: dict[str, int] = {}
        self._removed: list[str] = []
        self._budget = ByteBudget()
        try:
            async with asyncio.TaskGroup() as stages:
                stages.create_task(self._find())
                stages.create_task(self.pool.run(self.setup, self._groups, self._results))
                stages.create_task(self._assemble())
                stages.create_task(self._write(writer))
        except BaseExceptionGroup as group:
            raise _first(group) from None
        return self.progress

    async def _find(self) -> None:
        """Scan and diff; hand out what has to be read."""
        group: list[Task] = []
        size = 0
        states = self.store.file_states(self.repository, under="" if self.begins else _under(self.scan.scope))
        if self.files is not None:
            states = self.files.as_read(states)
        async for change in differences(self.scan.entries(), states, expected=self._expected):
            if isinstance(change, Changed):
                self.progress.changed += 1
                self.progress.renewed += self._is_outdated(change)
                room = min(change.entry.size, self.setup.max_file_bytes) + FILE_OVERHEAD
                if group and size + room > GROUP_BYTES:
                    # What is held back here must not be what a large file waits for.
                    await self._groups.put(group)
                    group, size = [], 0
                await self._budget.take(room)
                self._room[change.entry.path] = room
                if change.entry.skip is not None:
                    await self._results.put(_skipped(change.entry))
                    continue
                group.append(self._task(change))
                size += change.entry.size
                if len(group) >= GROUP_FILES or size >= GROUP_BYTES:
                    await self._groups.put(group)
                    group, size = [], 0
            elif isinstance(change, Gone):
                self._removed.append(change.path)
            else:
                self.progress.unchanged += change.files
                self.on_progress(self.progress)
        if group:
            await self._groups.put(group)
        self.progress.scanned = True
        await self._groups.put(None)

    def _expected(self, path: str) -> str:
        return "" if self.force else self.pipelines.of(path)

    def _is_outdated(self, change: Changed) -> bool:
        """Tell whether a file is only read because another version, or other options, indexed it."""
        entry, known = change
        return (
            known is not None
            and known.pipeline not in ("", self.pipelines.of(entry.path))
            and (entry.size, entry.mtime_ns) == (known.size, known.mtime_ns)
        )

    def _task(self, change: Changed) -> Task:
        known = change.known
        same = known is not None and known.pipeline == self._expected(known.path)
        absolute = str(self.scan.root / change.entry.path)
        return Task(change.entry.path, absolute, known.content_hash if known is not None and same else None)

    async def _assemble(self) -> None:
        """Gather results into batches and embed them."""
        pending = _Pending()
        ended = False
        while not ended:
            try:
                async with asyncio.timeout(IDLE_SECONDS if pending else None):
                    result = await self._results.get()
            except TimeoutError:
                pending = await self._flush(pending)
                continue
            if result is None:
                ended = True
            else:
                pending.add(result, self._room.pop(result.path))
            if self._removed:
                pending.removed, self._removed = [*pending.removed, *self._removed], []
            if pending.full:
                pending = await self._flush(pending)
        await self._flush(pending)
        await self._batches.put(None)

    async def _flush(self, pending: _Pending) -> _Pending:
        if pending:
            known = await self._known(pending)
            read = [file for file in pending.files if file.chunks and file.path not in known]
            vectors = None
            if self.embedder is not None and read:
                vectors = await embed_files(read, self.embedder, file_centroid=self.file_centroid)
            await self._batches.put((self._batch(pending, vectors, known), pending.room))
        return _Pending()

    async def _known(self, pending: _Pending) -> frozenset[str]:
        """Return the paths of files whose content is new to the checkout, and not to the store."""
        if not self.shared:
            return frozenset()
        states = [
            file_state(file, pipeline=self.pipelines.of(file.path))
            for file in pending.files
            if file.chunks or file.skip is not None
        ]
        return await self.store.known_versions(self.repository, states) if states else frozenset()

    def _batch(self, pending: _Pending, vectors: NDArray[float32] | None, known: frozenset[str]) -> Batch:
        replaced: list[IndexedFile] = []
        touched: list[FileState] = []
        reused: list[FileState] = []
        row = 0
        for result in pending.files:
            pipeline = self.pipelines.of(result.path)
            if result.path in known:
                reused.append(file_state(result, pipeline=pipeline))
            elif result.chunks:
                own = None if vectors is None else vectors[row : row + len(result.chunks)]
                row += len(result.chunks)
                replaced.append(indexed_file(result, own, pipeline=pipeline, hashed=self.hash_texts))
            elif result.skip is not None:
                replaced.append(IndexedFile(state=file_state(result, pipeline=pipeline)))
            else:
                touched.append(file_state(result, pipeline=pipeline))
        return Batch(
            replaced=tuple(replaced), touched=tuple(touched), removed=tuple(pending.removed), reused=tuple(reused)
        )

    async def _write(self, writer: Writer) -> None:
        reported = 0.0
        while (queued := await self._batches.get()) is not None:
            batch, room = queued
            await writer.apply(batch)
            await self._budget.give(room)
            self._count(batch)
            self.on_progress(self.progress)
            if monotonic() - reported >= REPORT_SECONDS:
                reported = monotonic()
                await writer.report(self.progress.so_far())

    def _count(self, batch: Batch) -> None:
        progress = self.progress
        for file in batch.replaced:
            if file.state.skipped is not None:
                progress.skipped[file.state.skipped] += 1
            else:
                progress.indexed += 1
                progress.chunks += len(file.chunks)
                progress.bytes += file.state.size
        progress.touched += len(batch.touched)
        progress.shared += len(batch.reused)
        progress.removed += len(batch.removed)
        progress.done += len(batch.replaced) + len(batch.touched) + len(batch.reused)
        if self.files is not None:
            self.files.note([*(file.state for file in batch.replaced), *batch.touched, *batch.reused])
            self.files.drop(batch.removed)


def _skipped(entry: Entry) -> FileResult:
    return FileResult(entry.path, entry.size, entry.mtime_ns, b"", skip=entry.skip)


def _under(scope: Sequence[str]) -> str:
    return scope[0] if len(scope) == 1 else ""


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first real cause of a failed group."""
    return next(_leaves(group))


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for each in group.exceptions:
        if isinstance(each, BaseExceptionGroup):
            yield from _leaves(each)
        else:
            yield each
