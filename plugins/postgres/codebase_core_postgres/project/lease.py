"""The write lease: one writer a project, told by a fence, kept alive from a thread of its own."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from codebase_core_hookspecs import LeaseLost, ProjectBusy

from codebase_core_postgres.connection.failures import DRIVER, driver_errors
from codebase_core_postgres.sql.loader import query

from .process_identity import ProcessIdentity

if TYPE_CHECKING:
    from codebase_core_postgres.connection.address import Address
    from codebase_core_postgres.connection.administration import AdminConnection
    from codebase_core_postgres.connection.pool import Connection

    from .namespace import Namespace

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
_SILENCE_MILLISECONDS = 10_000
"""How long the connection of a heartbeat may go unanswered; a network that dropped it says nothing."""


async def take(connection: Connection, namespace: Namespace, holder: ProcessIdentity) -> int:
    """Take the lease and return its fence; raise ProjectBusy naming the holder.

    It is free when nobody holds it, when it expired, or when the holder is a process of this machine that is gone.
    """
    row = await connection.fetchrow(query("lease.read", schema=namespace.schema))
    assert row is not None  # noqa: S101 - made with the table
    other = ProcessIdentity.read(json.loads(row["holder"])) if row["holder"] else None
    if other is None or row["expired"] or other.is_dead():
        fence: int | None = await connection.fetchval(
            query("lease.take", schema=namespace.schema),
            json.dumps(holder.as_row()),
            row["fence"],
            row["holder"],
            other is not None and other.is_dead(),
        )
        if fence is not None:
            return fence
        row = await connection.fetchrow(query("lease.read", schema=namespace.schema))
        other = ProcessIdentity.read(json.loads(row["holder"])) if row and row["holder"] else None
    raise ProjectBusy(
        f"another process is indexing this project: {other or 'it has just begun'}",
        holder=str(other),
        hint="wait for it to finish; searches go on meanwhile",
    )


async def check(connection: Connection, namespace: Namespace, fence: int) -> None:
    """Lock the lease for this transaction and renew it; raise LeaseLost if another writer has taken over."""
    held = await connection.fetchval(
        query("lease.renew", schema=namespace.schema),
        fence,
    )
    if not held:
        raise LeaseLost(
            "another process took over indexing this project", hint="run the command again when it has finished"
        )


async def free(connection: Connection, namespace: Namespace, fence: int) -> None:
    """Give the lease back if it still is ours."""
    await connection.execute(
        query("lease.release", schema=namespace.schema),
        fence,
    )


@asynccontextmanager
async def held(connection: Connection, namespace: Namespace, holder: ProcessIdentity) -> AsyncIterator[int]:
    """Hold the lease for the block and yield its fence; raise ProjectBusy naming the holder."""
    fence = await take(connection, namespace, holder)
    try:
        yield fence
    finally:
        if not connection.is_closed():
            try:
                await free(connection, namespace, fence)
            except DRIVER:
                connection.terminate()  # the lease then ends by itself: its holder is gone or it expires


class Heartbeat:
    """Renew a lease every few seconds from a thread, on a connection that it keeps, however busy the event loop is."""

    def __init__(self, address: Address, namespace: Namespace, fence: int, run: int) -> None:
        self._address = address
        self._namespace = namespace
        self._fence = fence
        self._run = run
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="codebase-core lease", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """End; returns at once, the thread follows when its statement is through."""
        self._stop.set()

    def _beat(self) -> None:
        connection: AdminConnection | None = None
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                connection = connection or self._connect()
                self._renew(connection)
            except driver_errors() as exc:
                # The writer's own transaction notices a lost lease or server; the next beat tries again on a new connection.
                logger.warning("lease not renewed: %s", str(exc).partition("\n")[0])
                if connection is not None:
                    connection.close()
                    connection = None
        if connection is not None:
            connection.close()

    def _connect(self) -> AdminConnection:
        from codebase_core_postgres.connection import administration  # noqa: PLC0415 - a short run needs no psycopg

        return administration.connect(self._address, self._namespace.database, tcp_user_timeout=_SILENCE_MILLISECONDS)

    def _renew(self, connection: AdminConnection) -> None:
        schema = self._namespace.schema
        if connection.execute(query("lease.renew", schema=schema), [self._fence]).fetchone() is None:
            self._stop.set()  # lost: the writer's next transaction says so
        else:
            connection.execute(query("lease.beat", schema=schema), [self._run])
