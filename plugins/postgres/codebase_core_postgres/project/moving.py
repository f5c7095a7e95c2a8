"""Keep writers away from a project while it is copied to another place."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from codebase_core_hookspecs import CodebaseCoreError, NotProvisioned

from codebase_core_postgres.sql.identifiers import quote

from . import lease
from .holder import Holder

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connections

    from .place import Place

_NO_RUN = 0


class SamePlace(CodebaseCoreError):
    """Two names of servers lead to one place; copying it there would begin with dropping it."""


@asynccontextmanager
async def still(connections: Connections, place: Place) -> AsyncIterator[int]:
    """Hold a project's write lease and lend its fence; raise ProjectBusy naming the holder.

    Only a block that raises gives it back: after a good one nobody shall write here again, and the place is dropped.
    """
    async with connections.lend(place.database) as connection:
        fence = await lease.take(connection, place, Holder.current())
    heartbeat = lease.Heartbeat(connections.address, place, fence, _NO_RUN)
    heartbeat.start()
    try:
        yield fence
    except BaseException:
        with suppress(CodebaseCoreError):  # its server is down: then the lease expires
            async with connections.lend(place.database) as connection:
                await lease.free(connection, place, fence)
        raise
    finally:
        heartbeat.stop()


async def check_another(connections: Connections, place: Place, fence: int) -> None:
    """Raise SamePlace if the lease that this process holds is seen at the target too: then it is the source."""
    try:
        async with connections.lend(place.database) as connection:
            row = await connection.fetchrow(f"SELECT fence, holder FROM {quote(place.schema)}.writer_lease")
    except NotProvisioned:
        return
    if (
        row is not None
        and row["fence"] == fence
        and row["holder"]
        and json.loads(row["holder"]) == Holder.current().as_row()
    ):
        raise SamePlace(
            f"{connections.address.where(place.database)} is where the project is, by another name of its server",
            hint="choose another server or store",
        )
