"""One project of the store in memory: its place, who writes there, and what is asked of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from codebase_core_hookspecs import (
    Batch,
    CheckoutState,
    ChunkId,
    Definition,
    DefinitionQuery,
    FileState,
    GenerationChanged,
    LeaseLost,
    Manifest,
    Outcome,
    Passage,
    ProjectBusy,
    RepositoryState,
    Retrieval,
    RetrievalQuery,
    Run,
    Source,
    Statistics,
    StoredFile,
)

from .index import Files, Index, Key, Row, Seen, numbered, version_of


@dataclass
class Place:
    """One project's place: the current generation, the next one, the lease and the runs."""

    project: UUID
    current: Index
    next: Index | None = None
    fence: int = 0
    writing: int | None = None
    """The run that holds the lease."""
    runs: list[Run] = field(default_factory=list)
    last_id: int = 0
    run_of: dict[int, int] = field(default_factory=dict)
    """The checkouts of runs that are not of a main one."""

    def ids(self) -> Iterator[int]:
        """Return numbers that were never used in this place."""
        while True:
            self.last_id += 1
            yield self.last_id

    def check_free(self) -> None:
        """Raise ProjectBusy if somebody writes."""
        if self.writing is not None:
            holder = next(run.holder for run in self.runs if run.id == self.writing)
            raise ProjectBusy(f"{holder} is writing", holder=holder, hint="wait for it to finish")


class MemoryWriter:
    """Write access under one fence."""

    def __init__(self, place: Place, index: Index, run: Run, checkout: int | None) -> None:
        self.run = run
        self.place = place
        self.index = index
        self.fence = place.fence
        self.checkout = checkout

    async def apply(self, batch: Batch) -> None:
        """Replace the files by a changed copy."""
        self.check()
        repository = self.run.repository
        files = dict(self.files())
        known = self.index.versions(repository, without_main=False)
        changed = (*(file.state for file in batch.replaced), *batch.reused)
        for path in (*batch.removed, *(state.path for state in changed)):
            files.pop((repository, path), None)
        for file in batch.replaced:
            files[repository, file.state.path] = numbered(repository, file, self.place.ids())
        for state in batch.reused:
            files[repository, state.path] = touched(known[version_of(state)], state)
        for state in batch.touched:
            if (repository, state.path) in files:
                files[repository, state.path] = touched(files[repository, state.path], state)
        self.store(files)

    def files(self) -> Files:
        """Return what is written: the files of main checkouts, or those of another one."""
        return self.index.files if self.checkout is None else self.index.checkouts[self.checkout].files

    def store(self, files: Files) -> None:
        """Put changed files in their place."""
        if self.checkout is None:
            self.index.files = files
        else:
            self.index.checkouts[self.checkout].files = files

    async def report(self, detail: Mapping[str, Any]) -> None:
        """Merge what is known so far into the run's record."""
        self.change(detail={**self.recorded().detail, **detail})

    async def finish(self, *, outcome: Literal["done", "failed", "cancelled"], detail: Mapping[str, Any]) -> None:
        """Record the end; a complete run makes the repository fresh."""
        self.check()
        self.end(outcome, detail)

    async def activate(self, *, detail: Mapping[str, Any]) -> None:
        """Finish, and put the next generation in the current one's place."""
        self.check()
        self.end("done", detail)
        self.place.current, self.place.next = self.index, None

    def check(self) -> None:
        """Raise LeaseLost if another writer has taken over."""
        if (self.place.fence, self.place.writing) != (self.fence, self.run.id):
            raise LeaseLost("another writer has taken over", hint="run it again when it has finished")

    def end(self, outcome: Outcome, detail: Mapping[str, Any]) -> None:
        """Record how the run ended."""
        now = datetime.now(UTC)
        self.change(outcome=outcome, finished_at=now, detail={**self.recorded().detail, **detail})
        if outcome == "done" and self.checkout is not None:
            own = self.index.checkouts[self.checkout]
            own.state = replace(own.state, indexed_at=now, commit=self.run.commit)
        elif outcome == "done":
            known = self.index.repositories[self.run.repository]
            fresh = replace(known, indexed_at=now, commit=self.run.commit)
            self.index.repositories = {**self.index.repositories, self.run.repository: fresh}
            for id, other in list(self.index.checkouts.items()):
                if (other.repository, other.state.machine, other.state.root) == (known.name, known.machine, known.root):
                    del self.index.checkouts[id]

    def recorded(self) -> Run:
        """Return the run as it is recorded."""
        return next(run for run in self.place.runs if run.id == self.run.id)

    def change(self, **fields: Any) -> None:
        """Change the run's record."""
        self.place.runs[:] = [replace(run, **fields) if run.id == self.run.id else run for run in self.place.runs]


def touched(found: tuple[Row, ...] | Any, state: FileState) -> Any:
    """Return a file with another size and time; its content is the same."""
    if not isinstance(found, tuple):
        return replace(found, state=seen_again(found.state, state))
    file = replace(found[0].file, state=seen_again(found[0].file.state, state))
    return tuple(replace(row, file=file) for row in found)


def seen_again(known: FileState, now: FileState) -> FileState:
    """Return a state with what the folder says of the file now."""
    return replace(known, size=now.size, mtime_ns=now.mtime_ns, inode=now.inode, ctime_ns=now.ctime_ns)


class MemoryProjectStore:
    """One project, opened on one generation."""

    writer = MemoryWriter

    def __init__(self, place: Place, index: Index, checkout: int | None = None) -> None:
        self.place = place
        self.index = index
        self.checkout = checkout

    @property
    def manifest(self) -> Manifest:
        """What the generation was made with."""
        return self.index.manifest

    def content(self) -> Index:
        """Return what is there now; raise GenerationChanged if it is another generation."""
        if self.index is not self.place.current and self.index is not self.place.next:
            raise GenerationChanged("the index was replaced by a newer one", hint="open it again")
        return self.index.seen(self.checkout)

    def seen_from(self, checkout: CheckoutState) -> MemoryProjectStore:
        """Answer for another checkout."""
        return type(self)(self.place, self.index, checkout.id)

    async def known_versions(self, repository: str, states: Sequence[FileState]) -> frozenset[str]:
        """Compare with all that is stored."""
        known = self.index.versions(repository, without_main=self.checkout is None)
        return frozenset(state.path for state in states if version_of(state) in known)

    async def forget(self, checkout: CheckoutState) -> None:
        """Drop a checkout; what only it sees goes with it."""
        self.place.check_free()
        self.index.checkouts.pop(checkout.id, None)

    async def file_states(self, repository: str, *, under: str = "") -> AsyncIterator[Sequence[FileState]]:
        """Yield pages of three files."""
        found = sorted(path.encode() for name, path in self.content().files if name == repository)
        paths = [path.decode() for path in found]
        wanted = [path for path in paths if not under or path == under or path.startswith(f"{under}/")]
        for start in range(0, len(wanted), 3):
            yield [self.state((repository, path)) for path in wanted[start : start + 3]]

    async def skipped_files(self) -> AsyncIterator[Sequence[tuple[str, FileState]]]:
        """Yield one page."""
        keys = sorted(self.content().files, key=lambda key: (key[0].encode(), key[1].encode()))
        states = [(key[0], self.state(key)) for key in keys]
        yield [(name, state) for name, state in states if any((state.skipped, state.fallback, state.encoding))]

    def state(self, key: Key) -> FileState:
        """Return the state of a file that is there."""
        file = self.content().file(key)
        assert file is not None
        return file.state

    def writing(
        self, source: Source, *, scope: Sequence[str], detail: Mapping[str, Any] = {}
    ) -> AbstractAsyncContextManager[MemoryWriter]:
        """Take the lease."""
        return self._writing(source, scope, detail)

    @asynccontextmanager
    async def _writing(
        self, source: Source, scope: Sequence[str], detail: Mapping[str, Any]
    ) -> AsyncIterator[MemoryWriter]:
        place, index = self.place, self.content()
        place.check_free()
        place.fence += 1
        run = Run(
            id=len(place.runs) + 1,
            repository=source.name,
            scope=tuple(scope),
            commit=source.commit,
            holder=f"process {os.getpid()}",
            started_at=datetime.now(UTC),
            detail=dict(detail),
        )
        place.runs.append(run)
        place.writing = run.id
        index, checkout = self.index, None
        if source.main:
            known = index.repositories.get(source.name)
            index.repositories = {**index.repositories, source.name: _repository(source, known)}
        else:
            checkout = place.run_of[run.id] = self.checkout_of(source)
        writer = self.writer(place, index, run, checkout)
        try:
            yield writer
        except Exception as exc:
            self.abandon(writer, "failed", {"error": str(exc)})
            raise
        except BaseException:
            self.abandon(writer, "cancelled", {})
            raise
        finally:
            if place.writing == run.id:
                place.writing = None

    def checkout_of(self, source: Source) -> int:
        """Return the id of a checkout, which begins as a copy of the main one."""
        at = (source.name, source.machine, source.root)
        for id, known in self.index.checkouts.items():
            if (known.repository, known.state.machine, known.state.root) == at:
                return id
        id = next(self.place.ids())
        state = CheckoutState(id=id, root=source.root, machine=source.machine, commit=None, indexed_at=None)
        own = {key: file for key, file in self.index.files.items() if key[0] == source.name}
        self.index.checkouts[id] = Seen(source.name, state, own)
        return id

    def abandon(self, writer: MemoryWriter, outcome: Outcome, detail: Mapping[str, Any]) -> None:
        """Record that a run was cut short."""
        if writer.recorded().outcome == "running":
            writer.end(outcome, detail)

    async def retrieve(self, query: RetrievalQuery) -> Retrieval:
        """Score every chunk."""
        return self.content().retrieve(query, repositories=self.states())

    def states(self) -> dict[str, RepositoryState]:
        """Return the repositories by name."""
        content, writing = self.content(), self.place.writing
        written = self.place.run_of.get(writing) if writing is not None else None
        running = {run.repository for run in self.place.runs if run.id == writing and written is None}
        others = {
            id: replace(each, state=replace(each.state, running=id == written))
            for id, each in content.checkouts.items()
        }
        found = {
            name: replace(
                known,
                running=name in running,
                checkouts=tuple(each.state for each in others.values() if each.repository == name),
            )
            for name, known in sorted(content.repositories.items())
        }
        if self.checkout is not None:
            own = others[self.checkout]
            seen = {key: getattr(own.state, key) for key in ("root", "machine", "commit", "indexed_at", "running")}
            found[own.repository] = replace(found[own.repository], **seen, main=False)
        return found

    async def passages(self, ids: Sequence[ChunkId]) -> Mapping[ChunkId, Passage]:
        """Return texts."""
        wanted = set(ids)
        return {
            row.id: Passage(text=row.chunk.text, symbols=row.chunk.chunk.symbols, file=row.file.state)
            for row in self.content().rows()
            if row.id in wanted
        }

    async def definitions(self, query: DefinitionQuery) -> Sequence[Definition]:
        """Look definitions up."""
        return self.content().definitions(query)

    async def files(self, files: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], StoredFile]:
        """Return whole files."""
        return {key: stored for key in files if (stored := self.content().stored(key)) is not None}

    async def repositories(self) -> Sequence[RepositoryState]:
        """Return the repositories by name."""
        return list(self.states().values())

    async def statistics(self) -> Statistics:
        """Count."""
        rows, content = self.content().rows(), self.content()
        files = [file for key in content.files if (file := content.file(key)) is not None]
        held = [file for file in files if file.state.skipped is None]
        chunked = sum(file.chunks[-1].chunk.span.end_byte for file in held if file.chunks)
        return Statistics(
            files=len(held),
            chunks=len(rows),
            symbols=sum(len(row.chunk.chunk.symbols) for row in rows),
            without_vector=sum(row.chunk.vector is None for row in rows),
            bytes_seen=chunked,
            bytes_chunked=chunked,
            skipped=Counter(file.state.skipped for file in files if file.state.skipped is not None),
            languages=Counter(file.language or "other" for file in held),
            repositories=list(self.states().values()),
            last_runs={run.repository: run for run in self.own_runs()},
        )

    async def runs(self, *, limit: int) -> Sequence[Run]:
        """Return the latest runs; one that nobody writes any more was interrupted."""
        self.content()
        latest = self.own_runs()[::-1][:limit]
        alive = self.place.writing
        return [
            replace(r, outcome="interrupted", finished_at=r.started_at)
            if r.outcome == "running" and r.id != alive
            else r
            for r in latest
        ]

    def own_runs(self) -> list[Run]:
        """Return the runs of the checkout that this answers for."""
        return [run for run in self.place.runs if self.place.run_of.get(run.id) == self.checkout]

    async def aclose(self) -> None:
        """Hold nothing."""


def _repository(source: Source, known: RepositoryState | None) -> RepositoryState:
    return RepositoryState(
        name=source.name,
        identity=source.identity,
        root=source.root,
        machine=source.machine,
        commit=known.commit if known else None,
        indexed_at=known.indexed_at if known else None,
    )
