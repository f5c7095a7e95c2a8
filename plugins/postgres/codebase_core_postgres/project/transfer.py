"""Copy a project's tables to another namespace, on any server: binary COPY from one snapshot, then both sides compared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from codebase_core_hookspecs import CodebaseCoreError

from codebase_core_postgres.sql.identifiers import quote

from .tables import columns, tables
from .vector_index import VectorIndex

if TYPE_CHECKING:
    from codebase_core_postgres.connection.pool import Connection

    from .namespace import Namespace

_QUEUED = 8
"""Pieces of a COPY stream in flight, some 64 kB each."""

_OWN = ("writer_lease",)
"""Tables whose rows belong to the namespace, not to the index."""

_SAME_TEXT = "SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"


class CopyDiffers(CodebaseCoreError):
    """What arrived is not what was sent; the source is kept."""


async def transfer(source: Connection, here: Namespace, target: Connection, there: Namespace, *, vector: str) -> None:
    """Copy every row into tables that were just provisioned; raise CopyDiffers unless both sides hold the same."""
    copied = [name for name in tables() if name not in _OWN]
    async with source.transaction(isolation="repeatable_read", readonly=True), target.transaction():
        for connection in (source, target):
            await connection.execute(_SAME_TEXT)
        await target.execute(f"DELETE FROM {quote(there.schema)}.manifest")
        for table in copied:
            listed = await columns(source, here, table)
            await _stream(source, here, target, there, table=table, columns=listed)
            await _continue_identity(source, here, target, there, table=table)
            sent, arrived = await _digest(source, here, table, listed), await _digest(target, there, table, listed)
            if sent != arrived:
                raise CopyDiffers(f"table {table} differs after it was copied", hint="nothing was changed; try again")
    await VectorIndex(target, there.schema, vector=vector).settle()
    for table in copied:
        await target.execute(f"ANALYZE {quote(there.schema)}.{quote(table)}")


async def _stream(
    source: Connection, here: Namespace, target: Connection, there: Namespace, *, table: str, columns: Sequence[str]
) -> None:
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_QUEUED)

    async def arriving() -> AsyncIterator[bytes]:
        while (piece := await pieces.get()) is not None:
            yield piece

    async def send() -> None:
        listed = ", ".join(map(quote, columns))
        sql = f"SELECT {listed} FROM {quote(here.schema)}.{quote(table)}"
        await source.copy_from_query(sql, output=pieces.put, format="binary")
        await pieces.put(None)

    async with asyncio.TaskGroup() as group:
        group.create_task(send())
        group.create_task(
            target.copy_to_table(
                table, schema_name=there.schema, source=arriving(), columns=list(columns), format="binary"
            )
        )


async def _continue_identity(
    source: Connection, here: Namespace, target: Connection, there: Namespace, *, table: str
) -> None:
    """Let new rows get numbers after those that were given at the source, for whichever table."""
    name, copied = f"{quote(here.schema)}.{quote(table)}", f"{quote(there.schema)}.{quote(table)}"
    identity = (
        "SELECT attname, pg_sequence_last_value(pg_get_serial_sequence($1::text, attname)::regclass) AS last FROM pg_attribute "
        "WHERE attrelid = $1::text::regclass AND attidentity <> ''"
    )
    for row in await source.fetch(identity, name):
        if row["last"] is not None:
            await target.execute(
                "SELECT setval(pg_get_serial_sequence($1, $2), $3::bigint)", copied, row["attname"], row["last"]
            )


async def _digest(connection: Connection, namespace: Namespace, table: str, columns: Sequence[str]) -> tuple[int, str]:
    """Return how many rows a table has, and a hash over all of them in whatever order."""
    listed = ", ".join(map(quote, columns))
    row = await connection.fetchrow(
        "SELECT count(*) AS rows, coalesce(md5(string_agg(hash, '' ORDER BY hash COLLATE \"C\")), '') AS hash "
        f"FROM (SELECT md5(ROW({listed})::text) AS hash FROM {quote(namespace.schema)}.{quote(table)}) AS hashed"
    )
    assert row is not None  # noqa: S101 - an aggregate has one row
    return row["rows"], row["hash"]
