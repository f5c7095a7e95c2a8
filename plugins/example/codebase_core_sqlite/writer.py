"""Writing under the lease: a batch is one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from codebase_core_hookspecs import Run, Writer

from .database import in_thread, missing, transaction
from .lease import HOLDER, lease

if TYPE_CHECKING:
    from codebase_core_hookspecs import Batch, FileState, IndexedChunk, IndexedFile, Outcome, Source


@asynccontextmanager
async def writing(
    file: Path, source: Source, *, scope: Sequence[str], detail: Mapping[str, Any]
) -> AsyncIterator[SqliteWriter]:
    """Hold the lease and a run for the block; what was not finished by its end is recorded as failed or cancelled."""
    if not file.exists():
        raise missing(file)
    with ExitStack() as held:
        await in_thread(lambda: held.enter_context(lease(file)))
        writer = SqliteWriter(file, await in_thread(lambda: _begin(file, source, scope, detail)))
        try:
            yield writer
        except Exception as exc:
            await writer.abandon("failed", {"error": str(exc)})
            raise
        except BaseException:  # cancelled, or Ctrl-C
            await writer.abandon("cancelled", {})
            raise


class SqliteWriter(Writer):
    """Write access while the lease is held: nobody can take it over, so there is no fence to check."""

    def __init__(self, file: Path, run: Run) -> None:
        self._file = file
        self._run = run
        self._finished = False

    @property
    def run(self) -> Run:
        """The run that this writer records."""
        return self._run

    async def apply(self, batch: Batch) -> None:
        """Store a batch in one transaction."""

        def work() -> None:
            with transaction(self._file) as connection:
                repository = _repository(connection, self._run.repository)
                gone = [*batch.removed, *(file.state.path for file in batch.replaced)]
                connection.executemany(
                    "DELETE FROM files WHERE repository = ? AND path = ?", [(repository, path) for path in gone]
                )
                for file in batch.replaced:
                    _add(connection, repository, file)
                connection.executemany(
                    "UPDATE files SET size = ?, mtime_ns = ?, inode = ?, ctime_ns = ? WHERE repository = ? AND path = ?",
                    [
                        (each.size, each.mtime_ns, each.inode, each.ctime_ns, repository, each.path)
                        for each in batch.touched
                    ],
                )

        await in_thread(work)

    async def report(self, detail: Mapping[str, Any]) -> None:
        """Merge what is known so far into the run's record."""

        def work() -> None:
            with transaction(self._file) as connection:
                _merge(connection, self._run.id, detail)

        await in_thread(work)

    async def finish(self, *, outcome: Literal["done", "failed", "cancelled"], detail: Mapping[str, Any]) -> None:
        """Record the end of the run; a complete one makes the repository fresh."""
        await in_thread(lambda: self._end(outcome, detail))

    async def abandon(self, outcome: Outcome, detail: Mapping[str, Any]) -> None:
        """Record that the run was cut short, unless it had ended, or its file is gone."""
        if not self._finished and self._file.exists():
            await in_thread(lambda: self._end(outcome, detail))

    def _end(self, outcome: Outcome, detail: Mapping[str, Any]) -> None:
        now = datetime.now(UTC).isoformat()
        with transaction(self._file) as connection:
            _merge(connection, self._run.id, detail)
            connection.execute(
                "UPDATE runs SET outcome = ?, finished_at = ? WHERE id = ?", (outcome, now, self._run.id)
            )
            if outcome == "done":
                connection.execute(
                    "UPDATE repositories SET indexed_at = ?, commit_id = ? WHERE name = ?",
                    (now, self._run.commit, self._run.repository),
                )
        self._finished = True


def _begin(file: Path, source: Source, scope: Sequence[str], detail: Mapping[str, Any]) -> Run:
    started = datetime.now(UTC)
    with transaction(file) as connection:
        connection.execute(
            "UPDATE runs SET outcome = 'interrupted', finished_at = started_at WHERE outcome = 'running'"
        )
        connection.execute(
            "INSERT INTO repositories (name, identity, root, machine) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET identity = excluded.identity, root = excluded.root, machine = excluded.machine",
            (source.name, source.identity, source.root, str(source.machine)),
        )
        row = (
            _repository(connection, source.name),
            json.dumps(list(scope)),
            source.commit,
            HOLDER,
            started.isoformat(),
            json.dumps(dict(detail)),
        )
        run = connection.execute(
            "INSERT INTO runs (repository, scope, commit_id, holder, started_at, outcome, detail) "
            "VALUES (?, ?, ?, ?, ?, 'running', ?)",
            row,
        ).lastrowid
    return Run(
        id=run or 0,
        repository=source.name,
        scope=tuple(scope),
        commit=source.commit,
        holder=HOLDER,
        started_at=started,
        detail=detail,
    )


def _merge(connection: sqlite3.Connection, run: int, detail: Mapping[str, Any]) -> None:
    known = json.loads(connection.execute("SELECT detail FROM runs WHERE id = ?", (run,)).fetchone()["detail"])
    connection.execute("UPDATE runs SET detail = ? WHERE id = ?", (json.dumps({**known, **detail}), run))


def _repository(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute("SELECT id FROM repositories WHERE name = ?", (name,)).fetchone()["id"])


def _add(connection: sqlite3.Connection, repository: int, file: IndexedFile) -> None:
    state: FileState = file.state
    chunked = file.chunks[-1].chunk.span.end_byte if file.chunks else 0
    id = connection.execute(
        "INSERT INTO files (repository, path, size, mtime_ns, content_hash, pipeline, skipped, fallback, language, roles, bytes, "
        "encoding, inode, ctime_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(repository, state.path, state.size, state.mtime_ns, state.content_hash, state.pipeline),
            *(state.skipped, state.fallback, file.language, " ".join(sorted(file.roles)), chunked),
            *(state.encoding, state.inode, state.ctime_ns),
        ),
    ).lastrowid
    for ordinal, each in enumerate(file.chunks):
        _add_chunk(connection, id or 0, ordinal, each)


def _add_chunk(connection: sqlite3.Connection, file: int, ordinal: int, each: IndexedChunk) -> None:
    chunk, span = each.chunk, each.chunk.span
    id = connection.execute(
        "INSERT INTO chunks (file, ordinal, start_line, end_line, start_byte, end_byte, kind, scope, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(file, ordinal, span.start_line, span.end_line, span.start_byte, span.end_byte),
            *(chunk.kind, chunk.scope, each.text),
        ),
    ).lastrowid
    if each.vector is not None:
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (id, np.asarray(each.vector, np.float32).tobytes()))
    connection.executemany(
        "INSERT INTO postings VALUES (?, ?, ?)",
        [(term, id, float(impact)) for term, impact in zip(each.terms, each.impacts, strict=True)],
    )
    connection.executemany(
        "INSERT INTO symbols VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (id, nth, s.name, s.name.lower(), s.kind, s.qualified_name, s.line, s.end_line, s.local, s.weak)
            for nth, s in enumerate(chunk.symbols)
        ],
    )
