"""The next generation of an index: built in a schema beside the current one, then put in its place.

Both schemas have the same tables. Lease and runs of the current one are the project's, and are taken along by the swap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import asyncpg
from codebase_core_hookspecs import ServerBusy

from codebase_core_postgres.sql.identifiers import literal, quote
from codebase_core_postgres.sql.loader import query

from .manifests import manifest_of, superseded
from .namespace import mark, mark_next
from .tables import columns, is_whole, tables

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Manifest

    from codebase_core_postgres.connection.pool import Connection

    from .namespace import Namespace

_LOCK_MILLISECONDS = 500
"""What a search may wait for a swap; below PostgreSQL's deadlock_timeout, so that the swap is what gives way."""

_PAUSE_SECONDS = 0.5
_GIVE_UP_SECONDS = 600.0
"""Longer than most backups take, which hold the swap up and nothing else."""


async def unfinished(connection: Connection, namespace: Namespace, *, project: UUID) -> Manifest | None:
    """Return what the next generation is made with; None if there is none, or not all of it."""
    comment = await connection.fetchval(query("catalog.schema"), namespace.next.schema)
    if comment != mark_next(project) or not await is_whole(connection, namespace.next.schema):
        return None
    row = await connection.fetchrow(query("manifest.read", schema=namespace.next.schema))
    return manifest_of(row) if row is not None else None


async def check_current(connection: Connection, namespace: Namespace, manifest: Manifest) -> None:
    """Raise GenerationChanged if a namespace does not hold the generation of a manifest (any more)."""
    try:
        row = await connection.fetchrow(query("manifest.read", schema=namespace.schema))
    except asyncpg.UndefinedTableError:
        row = None
    if row is None or replace(manifest_of(row), format=manifest.format) != manifest:
        raise superseded()


async def swap(
    connection: Connection, namespace: Namespace, *, project: UUID, finish: Callable[[], Awaitable[None]]
) -> None:
    """Finish the run and put the next generation in the current one's place, in one transaction.

    It has to wait for whatever reads the old tables and keeps others waiting meanwhile, so it waits briefly and often.
    """
    until = monotonic() + _GIVE_UP_SECONDS
    while True:
        try:
            async with connection.transaction():
                await finish()
                await _replace(connection, namespace, project)
        except (asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError) as exc:
            if monotonic() > until:
                raise ServerBusy(
                    "the new index is complete and cannot take the old one's place: something goes on reading it",
                    hint="codebase-core reindex finishes it when that has ended (a backup, an open transaction)",
                ) from exc
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return


async def _replace(connection: Connection, namespace: Namespace, project: UUID) -> None:
    old, new = quote(namespace.schema), quote(namespace.next.schema)
    await connection.execute(f"SET LOCAL statement_timeout = {_LOCK_MILLISECONDS}")
    locked = ", ".join(f"{old}.{quote(table)}" for table in tables())
    await connection.execute(f"LOCK TABLE {locked} IN ACCESS EXCLUSIVE MODE")
    await connection.execute("SET LOCAL statement_timeout TO DEFAULT")
    lease = ", ".join(map(quote, await columns(connection, namespace, "writer_lease")))
    await connection.execute(f"DELETE FROM {new}.writer_lease")
    await connection.execute(f"INSERT INTO {new}.writer_lease ({lease}) SELECT {lease} FROM {old}.writer_lease")
    refers = ("repository_id", "checkout_id")  # other checkouts are indexed anew when they are asked about
    runs = [quote(name) for name in await columns(connection, namespace, "index_runs") if name not in refers]
    await connection.execute(
        f"INSERT INTO {new}.index_runs (repository_id, {', '.join(runs)}) OVERRIDING SYSTEM VALUE "
        f"SELECT k.id, {', '.join(f'n.{name}' for name in runs)} FROM {old}.index_runs AS n "
        f"JOIN {old}.repositories AS r ON r.id = n.repository_id JOIN {new}.repositories AS k ON k.name = r.name "
        "WHERE n.checkout_id IS NULL"
    )
    await connection.execute(
        f"SELECT setval(pg_get_serial_sequence($1, 'id'), max(id)) FROM {new}.index_runs HAVING max(id) > 0",
        f"{new}.index_runs",
    )
    await connection.execute(
        "SELECT setval(pg_get_serial_sequence($1, 'id'), last) FROM pg_sequence_last_value($2::text::regclass) AS last "
        "WHERE last > 0",
        f"{new}.checkouts",
        f"{old}.checkouts_id_seq",
    )
    await connection.execute(f"DROP SCHEMA {old} CASCADE")
    await connection.execute(f"ALTER SCHEMA {new} RENAME TO {old}")
    await connection.execute(f"COMMENT ON SCHEMA {old} IS{literal(mark(project))}")
