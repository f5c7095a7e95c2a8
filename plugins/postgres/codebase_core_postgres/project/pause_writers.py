"""Keep writers away from a project while its tables are made, dropped or copied."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from codebase_core_hookspecs import CodebaseCoreError, NotProvisioned

from codebase_core_postgres.sql.loader import query

from . import lease
from .process_identity import ProcessIdentity

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import ConnectionPool

    from .namespace import Namespace

_NO_RUN = 0


class SameNamespace(CodebaseCoreError):
    """Two names of servers lead to one namespace; copying it there would begin with dropping it."""


@asynccontextmanager
async def pause_writers(pool: ConnectionPool, namespace: Namespace, *, resume: bool) -> AsyncIterator[int]:
    """Hold a project's write lease without a connection and yield its fence; raise ProjectBusy naming the holder.

    A block that raises releases it. A good one does so only with ``resume``: else nobody shall write here again, and the
    namespace is dropped.
    """
    async with pool.acquire(namespace.database) as connection:
        fence = await lease.take(connection, namespace, ProcessIdentity.current())
    heartbeat = lease.Heartbeat(pool.address, namespace, fence, _NO_RUN)
    heartbeat.start()
    finished = False
    try:
        yield fence
        finished = True
    finally:
        heartbeat.stop()
        if resume or not finished:
            with suppress(CodebaseCoreError):  # its server is down: then the lease expires
                async with pool.acquire(namespace.database) as connection:
                    await lease.free(connection, namespace, fence)


async def check_different(pool: ConnectionPool, namespace: Namespace, fence: int) -> None:
    """Raise SameNamespace if the lease that this process holds is seen at the target too: then it is the source."""
    try:
        async with pool.acquire(namespace.database) as connection:
            row = await connection.fetchrow(query("lease.read", schema=namespace.schema))
    except NotProvisioned:
        return
    if (
        row is not None
        and row["fence"] == fence
        and row["holder"]
        and json.loads(row["holder"]) == ProcessIdentity.current().as_row()
    ):
        raise SameNamespace(
            f"{pool.address.where(namespace.database)} is where the project is, by another name of its server",
            hint="choose another server or store",
        )
