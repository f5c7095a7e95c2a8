"""Write batches under the lease: one transaction each, file by file whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

import asyncpg
from codebase_core_hookspecs import Run, Source

from . import lease
from .batches import BatchWriter
from .encoding import accept_encoded
from .holder import Holder
from .identifiers import quote
from .vector_index import VectorIndex
from .watching import unless_lost

if TYPE_CHECKING:
    from codebase_core_hookspecs import Batch, Outcome

    from .connections import Connection, Connections
    from .place import Place


@asynccontextmanager
async def writing(
    connections: Connections,
    place: Place,
    source: Source,
    *,
    scope: Sequence[str],
    detail: Mapping[str, Any],
    vector: str,
) -> AsyncIterator[PostgresWriter]:
    """Hold the lease and a run for the block; what was not finished by its end is recorded as failed or cancelled."""
    holder = Holder.current()
    async with connections.lend(place.database) as connection:
        fence = await lease.take(connection, place, holder)
        try:
            writer = await PostgresWriter.begin(
                connection, place, source, scope=scope, detail=detail, fence=fence, holder=holder, vector=vector
            )
            await accept_encoded(connection, vector=vector)
            heartbeat = lease.Heartbeat(connections.address, place, fence, writer.run.id)
            heartbeat.start()
            try:
                yield writer
            except Exception as exc:
                await writer.abandon("failed", str(exc))
                raise
            except BaseException:  # cancelled, or Ctrl-C
                await writer.abandon("cancelled", "")
                raise
            finally:
                heartbeat.stop()
        finally:
            await _free(connection, place, fence)


async def _free(connection: Connection, place: Place, fence: int) -> None:
    if not connection.is_closed():
        try:
            await lease.free(connection, place, fence)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            connection.terminate()  # the lease then ends by itself: its holder is gone or it expires


class PostgresWriter:
    """Write access under one fence."""

    def __init__(
        self, connection: Connection, place: Place, *, run: Run, repository: int, fence: int, vector: str
    ) -> None:
        self.run = run
        self._connection = connection
        self._place = place
        self._schema = quote(place.schema)
        self._fence = fence
        self._repository = repository
        self._finished = False
        self._index = VectorIndex(connection, place.schema, vector=vector)
        self._batches = BatchWriter(connection, place.schema, repository)

    @classmethod
    async def begin(
        cls,
        connection: Connection,
        place: Place,
        source: Source,
        *,
        scope: Sequence[str],
        detail: Mapping[str, Any],
        fence: int,
        holder: Holder,
        vector: str,
    ) -> PostgresWriter:
        """Record the start of a run; earlier runs that never ended are marked as interrupted."""
        schema = quote(place.schema)
        async with connection.transaction():
            await lease.check(connection, place, fence)
            await connection.execute(
                f"UPDATE {schema}.index_runs SET outcome = 'interrupted', finished_at = heartbeat_at WHERE outcome = 'running'"
            )
            repository = await connection.fetchval(
                f"INSERT INTO {schema}.repositories (name, identity, root, machine) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT (name) DO UPDATE SET identity = excluded.identity, root = excluded.root, machine = excluded.machine "
                "RETURNING id",
                source.name,
                source.identity,
                source.root,
                source.machine,
            )
            row = await connection.fetchrow(
                f"INSERT INTO {schema}.index_runs (repository_id, scope, commit, fence, holder, detail) "
                "VALUES ($1, $2, $3, $4, $5, $6) "
                "RETURNING id, started_at",
                repository,
                list(scope),
                source.commit,
                fence,
                json.dumps(holder.as_row()),
                json.dumps(dict(detail)),
            )
        assert row is not None  # noqa: S101 - inserted just now
        run = Run(
            id=row["id"],
            repository=source.name,
            scope=tuple(scope),
            commit=source.commit,
            holder=str(holder),
            started_at=row["started_at"],
            detail=detail,
        )
        return cls(connection, place, run=run, repository=repository, fence=fence, vector=vector)

    async def apply(self, batch: Batch) -> None:
        """Store a batch; raise LeaseLost and store nothing if another writer took over."""
        await unless_lost(self._connection, self._apply(batch))

    async def _apply(self, batch: Batch) -> None:
        async with self._connection.transaction():
            await lease.check(self._connection, self._place, self._fence)
            await self._index.adding(sum(chunk.vector is not None for file in batch.replaced for chunk in file.chunks))
            await self._batches.apply(batch)

    async def report(self, detail: Mapping[str, Any]) -> None:
        """Merge the progress so far into the run's record; one that another writer has ended is left alone."""
        await unless_lost(self._connection, self._report(detail))

    async def _report(self, detail: Mapping[str, Any]) -> None:
        await self._connection.execute(
            f"UPDATE {self._schema}.index_runs SET detail = detail || $2, heartbeat_at = clock_timestamp() "
            "WHERE id = $1 AND outcome = 'running'",
            self.run.id,
            json.dumps(dict(detail)),
        )

    async def finish(self, *, outcome: Literal["done", "failed", "cancelled"], detail: Mapping[str, Any]) -> None:
        """Record the end of the run; a complete one makes the repository fresh, and what searches read of indexes whole."""
        await self._batches.settle()
        async with self._connection.transaction():
            await lease.check(self._connection, self._place, self._fence)
            await self._end(outcome, detail)
            if outcome == "done":
                await self._connection.execute(
                    f"UPDATE {self._schema}.repositories SET indexed_at = clock_timestamp(), commit = $2 WHERE id = $1",
                    self._repository,
                    self.run.commit,
                )
        self._finished = True
        await self._index.settle()

    async def abandon(self, outcome: Literal["failed", "cancelled"], why: str) -> None:
        """Record that the run was cut short, if the server can still be told."""
        if self._finished or self._connection.is_closed():
            return
        try:
            await self._end(outcome, {"error": why} if why else {})
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self._connection.terminate()  # the next writer marks the run as interrupted

    async def _end(self, outcome: Outcome, detail: Mapping[str, Any]) -> None:
        await self._connection.execute(
            f"UPDATE {self._schema}.index_runs SET outcome = $2, detail = detail || $3, finished_at = clock_timestamp(), "
            "heartbeat_at = clock_timestamp() WHERE id = $1",
            self.run.id,
            outcome,
            json.dumps(dict(detail)),
        )
