"""What an index holds, counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from codebase_core_hookspecs import RepositoryState, Run, Statistics

from .manifests import check_generation
from .process_identity import ProcessIdentity

if TYPE_CHECKING:
    import asyncpg

    from codebase_core_postgres.connection.pool import Connection


async def statistics(connection: Connection, schema: str, *, generation: int) -> Statistics:
    """Count files, chunks and skips; ``schema`` is quoted. One snapshot, of this generation or GenerationChanged is raised."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        totals = await connection.fetchrow(
            "SELECT count(*) FILTER (WHERE skip_reason IS NULL) AS files, "
            "coalesce(sum(bytes_chunked), 0) AS chunked, "
            f"(SELECT generation FROM {schema}.manifest) AS generation, "
            f"(SELECT chunks FROM {schema}.manifest) AS chunks, (SELECT count(*) FROM {schema}.symbols) AS symbols, "
            f"(SELECT count(*) FROM {schema}.chunk_embeddings) AS vectors FROM {schema}.code_files"
        )
        assert totals is not None  # noqa: S101 - an aggregate has one row
        check_generation([totals], generation)
        skipped = await connection.fetch(
            f"SELECT skip_reason, count(*) AS files FROM {schema}.code_files WHERE skip_reason IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        languages = await connection.fetch(
            "SELECT coalesce(language, 'other') AS language, count(*) AS files "
            f"FROM {schema}.code_files WHERE skip_reason IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        stored = await connection.fetchval(
            "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = to_regnamespace($1)",
            schema,
        )
        states = await repositories(connection, schema)
        runs = await connection.fetch(
            f"SELECT DISTINCT ON (n.repository_id) r.name, n.* FROM {schema}.index_runs AS n "
            f"JOIN {schema}.repositories AS r ON r.id = n.repository_id ORDER BY n.repository_id, n.id DESC"
        )
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
    """Return the repositories, each with whether it is being indexed now; ``schema`` is quoted."""
    rows = await connection.fetch(
        "SELECT r.*, EXISTS (SELECT FROM "
        f"{schema}.index_runs AS n, {schema}.writer_lease AS l WHERE n.repository_id = r.id AND n.outcome = 'running' "
        f"AND n.fence = l.fence AND l.expires_at > now()) AS running FROM {schema}.repositories AS r ORDER BY r.name"
    )
    return [
        RepositoryState(
            name=row["name"],
            identity=row["identity"],
            root=row["root"],
            machine=row["machine"],
            commit=row["commit"],
            indexed_at=row["indexed_at"],
            running=row["running"],
        )
        for row in rows
    ]


async def runs(connection: Connection, schema: str, *, limit: int) -> Sequence[Run]:
    """Return the latest runs, newest first; ``schema`` is quoted. A running one without the lease was interrupted."""
    rows = await connection.fetch(
        "SELECT r.name, n.*, coalesce(n.fence = l.fence AND l.expires_at > now(), false) AS leased "
        f"FROM {schema}.index_runs AS n JOIN {schema}.repositories AS r ON r.id = n.repository_id, {schema}.writer_lease AS l "
        "ORDER BY n.id DESC LIMIT $1",
        limit,
    )
    return [_run(row) if row["outcome"] != "running" or _alive(row) else _interrupted(row) for row in rows]


def _alive(row: asyncpg.Record) -> bool:
    return row["leased"] and not ProcessIdentity.read(json.loads(row["holder"])).is_dead()


def _interrupted(row: asyncpg.Record) -> Run:
    return replace(_run(row), outcome="interrupted", finished_at=row["heartbeat_at"])


def _run(row: asyncpg.Record) -> Run:
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
