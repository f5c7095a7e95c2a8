"""What an index holds, counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from codebase_core_hookspecs import RepositoryState, Run, Statistics

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

from .manifests import check_generation
from .process_identity import ProcessIdentity, is_alive

if TYPE_CHECKING:
    import asyncpg

    from codebase_core_postgres.connection.pool import Connection


async def statistics(connection: Connection, schema: str, *, generation: int) -> Statistics:
    """Count files, chunks and skips. One snapshot, of this generation or GenerationChanged is raised."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        totals = await connection.fetchrow(query("statistics.totals", schema=schema))
        assert totals is not None  # noqa: S101 - an aggregate has one row
        check_generation([totals], generation)
        skipped = await connection.fetch(query("statistics.skipped", schema=schema))
        languages = await connection.fetch(query("statistics.languages", schema=schema))
        stored = await connection.fetchval(query("statistics.stored_bytes"), quote(schema))
        states = await repositories(connection, schema)
        runs = await connection.fetch(query("statistics.last_runs", schema=schema))
    return Statistics(
        files=totals["files"],
        chunks=totals["chunks"],
        symbols=totals["symbols"],
        without_vector=totals["chunks"] - totals["vectors"],
        bytes_seen=int(totals["chunked"]),
        bytes_chunked=int(totals["chunked"]),
        skipped={row["skip_reason"]: row["files"] for row in skipped},
        languages={row["language"]: row["files"] for row in languages},
        repositories=states,
        last_runs={row["name"]: _run(row) for row in runs},
        bytes_stored=stored,
    )


async def repositories(connection: Connection, schema: str) -> Sequence[RepositoryState]:
    """Return the repositories, each with whether it is being indexed now."""
    rows = await connection.fetch(query("statistics.repositories", schema=schema))
    return [
        RepositoryState(
            name=row["name"],
            identity=row["identity"],
            root=row["root"],
            machine=row["machine"],
            commit=row["commit"],
            indexed_at=row["indexed_at"],
            running=row["indexing"] is not None and is_alive(json.loads(row["indexing"])),
        )
        for row in rows
    ]


async def runs(connection: Connection, schema: str, *, limit: int) -> Sequence[Run]:
    """Return the latest runs, newest first. A running one without the lease was interrupted."""
    rows = await connection.fetch(
        query("statistics.runs", schema=schema),
        limit,
    )
    return [_run(row) for row in rows]


def _run(row: asyncpg.Record) -> Run:
    """Return a run; one that nobody goes on with was interrupted."""
    run = _recorded(row)
    if run.outcome != "running" or (row["leased"] and is_alive(json.loads(row["holder"]))):
        return run
    return replace(run, outcome="interrupted", finished_at=row["heartbeat_at"])


def _recorded(row: asyncpg.Record) -> Run:
    return Run(
        id=row["id"],
        repository=row["name"],
        scope=tuple(row["scope"]),
        commit=row["commit"],
        holder=str(ProcessIdentity.read(json.loads(row["holder"]))),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        outcome=row["outcome"],
        detail=json.loads(row["detail"]),
    )
