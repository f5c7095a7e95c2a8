"""Write batches under the lease: one transaction each, file by file whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

from codebase_core_hookspecs import NotProvisioned, Run, Source

from codebase_core_postgres.connection.disconnect import cancel_on_disconnect
from codebase_core_postgres.connection.failures import DRIVER
from codebase_core_postgres.sql.loader import query

from . import lease
from .batches import BatchWriter
from .checkout_batches import CheckoutBatchWriter
from .encoding import register_codecs
from .generations import check_current, swap
from .process_identity import ProcessIdentity
from .vector_index import VectorIndex

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Batch, Manifest, Outcome

    from codebase_core_postgres.connection.pool import Connection, ConnectionPool

    from .namespace import Namespace


KEPT_RUNS = 100
"""Runs that are remembered, and the last good one of each part of a repository: an agent's edits make thousands a day."""


@asynccontextmanager
async def writing(
    pool: ConnectionPool,
    namespace: Namespace,
    source: Source,
    *,
    data: Namespace,
    manifest: Manifest,
    scope: Sequence[str],
    detail: Mapping[str, Any],
    vector: str,
) -> AsyncIterator[PostgresWriter]:
    """Hold the lease and a run for the block; what was not finished by its end is recorded as failed or cancelled.

    Lease and run are in ``namespace``, the rows go to ``data``: another schema where a next generation is built.
    """
    holder = ProcessIdentity.current()
    async with (
        pool.acquire(namespace.database) as connection,
        lease.held(connection, namespace, holder) as fence,
    ):
        await check_current(connection, data, manifest)
        repository, checkout = await _known(connection, data, source)
        await register_codecs(connection, vector=vector)
        # The last await before the block: a run that was begun is ended by it, whenever Ctrl-C comes.
        run = await _begin(connection, namespace, source, scope=scope, detail=detail, fence=fence, holder=holder)
        writer = PostgresWriter(
            connection,
            namespace,
            data=data,
            project=manifest.project,
            run=run,
            repository=repository,
            checkout=checkout,
            source=source,
            fence=fence,
            vector=vector,
        )
        heartbeat = lease.Heartbeat(pool.address, namespace, fence, run.id)
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


async def _begin(
    connection: Connection,
    namespace: Namespace,
    source: Source,
    *,
    scope: Sequence[str],
    detail: Mapping[str, Any],
    fence: int,
    holder: ProcessIdentity,
) -> Run:
    """Record the start of a run; earlier runs that never ended are marked as interrupted, old ones are forgotten."""
    async with connection.transaction():
        await lease.check(connection, namespace, fence)
        repository, checkout = await _known(connection, namespace, source)
        await connection.execute(query("runs.interrupt", schema=namespace.schema))
        await connection.execute(query("runs.forget", schema=namespace.schema, kept=KEPT_RUNS))
        row = await connection.fetchrow(
            query("runs.begin", schema=namespace.schema),
            repository,
            list(scope),
            source.commit,
            fence,
            json.dumps(holder.as_row()),
            json.dumps(dict(detail)),
            checkout,
        )
    assert row is not None  # noqa: S101 - inserted just now
    return Run(
        id=row["id"],
        repository=source.name,
        scope=tuple(scope),
        commit=source.commit,
        holder=str(holder),
        started_at=row["started_at"],
        detail=detail,
    )


async def _known(connection: Connection, namespace: Namespace, source: Source) -> tuple[int, int | None]:
    """Return the number of a repository and of its checkout, None for the main one; they have some from now on."""
    if not source.main:
        row = await connection.fetchrow(
            query("runs.know_checkout", schema=namespace.schema), source.name, source.machine, source.root
        )
        if row is None:
            raise NotProvisioned(
                f"repository {source.name!r} has no main checkout yet", hint="index that first, or as the main one"
            )
        return row["repository_id"], row["id"]
    number: int = await connection.fetchval(
        query("runs.know_repository", schema=namespace.schema),
        source.name,
        source.identity,
        source.root,
        source.machine,
    )
    return number, None


class PostgresWriter:
    """Write access under one fence. Lease and run are in ``namespace``, the rows go to ``data``."""

    def __init__(
        self,
        connection: Connection,
        namespace: Namespace,
        *,
        data: Namespace,
        project: UUID,
        run: Run,
        repository: int,
        checkout: int | None,
        source: Source,
        fence: int,
        vector: str,
    ) -> None:
        self.run = run
        self._connection = connection
        self._namespace = namespace
        self._data = data
        self._project = project
        self._fence = fence
        self._repository = repository
        self._source = source
        self._checkout = checkout
        self._finished = False
        self.activated = False
        self._index = VectorIndex(connection, data.schema, vector=vector)
        self._batches = (
            BatchWriter(connection, data.schema, repository)
            if checkout is None
            else CheckoutBatchWriter(connection, data.schema, repository, checkout)
        )

    async def apply(self, batch: Batch) -> None:
        """Store a batch; raise LeaseLost and store nothing if another writer took over."""
        await cancel_on_disconnect(self._connection, self._apply(batch))

    async def _apply(self, batch: Batch) -> None:
        async with self._connection.transaction():
            await lease.check(self._connection, self._namespace, self._fence)
            if self._checkout is None:
                await self._index.adding(
                    sum(chunk.vector is not None for file in batch.replaced for chunk in file.chunks)
                )
            await self._batches.apply(batch)

    async def report(self, detail: Mapping[str, Any]) -> None:
        """Merge the progress so far into the run's record; one that another writer has ended is left alone."""
        await cancel_on_disconnect(self._connection, self._report(detail))

    async def _report(self, detail: Mapping[str, Any]) -> None:
        await self._connection.execute(
            query("runs.report", schema=self._namespace.schema),
            self.run.id,
            json.dumps(dict(detail)),
        )

    async def finish(self, *, outcome: Literal["done", "failed", "cancelled"], detail: Mapping[str, Any]) -> None:
        """Record the end of the run; a complete one makes the repository fresh, and what searches read of indexes whole."""
        await self._batches.settle()
        async with self._connection.transaction():
            await self._close(outcome, detail)
        self._finished = True
        await self._index.settle()

    async def activate(self, *, detail: Mapping[str, Any]) -> None:
        """Finish as done, and put the next generation in the current one's place."""
        await self._batches.settle()
        await self._index.settle()
        await swap(self._connection, self._namespace, project=self._project, finish=lambda: self._close("done", detail))
        self._finished = self.activated = True

    async def _close(self, outcome: Literal["done", "failed", "cancelled"], detail: Mapping[str, Any]) -> None:
        await lease.check(self._connection, self._namespace, self._fence)
        await self._end(outcome, detail)
        if outcome == "done" and self._checkout is not None:
            await self._connection.execute(
                query("runs.make_checkout_fresh", schema=self._data.schema), self._checkout, self.run.commit
            )
        elif outcome == "done":
            await self._connection.execute(
                query("runs.make_fresh", schema=self._data.schema),
                self._repository,
                self.run.commit,
            )
            if isinstance(self._batches, BatchWriter):
                await self._batches.forget_same_place(self._source)

    async def abandon(self, outcome: Literal["failed", "cancelled"], why: str) -> None:
        """Record that the run was cut short, if the server can still be told."""
        if self._finished or self._connection.is_closed():
            return
        try:
            await self._end(outcome, {"error": why} if why else {})
        except DRIVER:
            self._connection.terminate()  # the next writer marks the run as interrupted

    async def _end(self, outcome: Outcome, detail: Mapping[str, Any]) -> None:
        await self._connection.execute(
            query("runs.end", schema=self._namespace.schema),
            self.run.id,
            outcome,
            json.dumps(dict(detail)),
        )
