"""What an index holds, counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import CheckoutState, RepositoryState, Run, Statistics

from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

from .manifests import check_generation
from .process_identity import ProcessIdentity, is_alive
from .sides import listed_checkouts, runs_of_main

if TYPE_CHECKING:
    import asyncpg

    from codebase_core_postgres.connection.pool import Connection

    from .sides import Relations


class Reader:
    """Read what is counted and recorded of a project; ``checkout`` is the one that is asked for, None for the main ones."""

    def __init__(
        self, schema: str, *, format_version: int, relations: Relations, checkout: CheckoutState | None
    ) -> None:
        self._schema = schema
        self._relations = relations
        self._checkout = checkout
        self._of_main = runs_of_main(format_version)
        self._listed = listed_checkouts(schema, format_version=format_version)

    async def statistics(self, connection: Connection, *, generation: int) -> Statistics:
        """Count files, chunks and skips. One snapshot, of this generation or GenerationChanged is raised."""
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            totals = await connection.fetchrow(self._totals())
            assert totals is not None  # noqa: S101 - an aggregate has one row
            check_generation([totals], generation)
            skipped = await connection.fetch(self._of_files("skipped"))
            languages = await connection.fetch(self._of_files("languages"))
            stored = await connection.fetchval(query("statistics.stored_bytes"), quote(self._schema))
            states = await self.repositories(connection)
            runs = await connection.fetch(self._of_runs("last_runs"))
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

    async def repositories(self, connection: Connection) -> Sequence[RepositoryState]:
        """Return the repositories, each with whether it is being indexed now."""
        sql = query("statistics.repositories", schema=self._schema, of_main=self._of_main, checkouts=self._listed)
        return [self._seen(_repository(row)) for row in await connection.fetch(sql)]

    async def runs(self, connection: Connection, *, limit: int) -> Sequence[Run]:
        """Return the latest runs, newest first. A running one without the lease was interrupted."""
        return [_run(row) for row in await connection.fetch(self._of_runs("runs"), limit)]

    def _seen(self, state: RepositoryState) -> RepositoryState:
        """Return a repository with the checkout that is asked for in the main one's place, if it is its."""
        known = {each.id: each for each in state.checkouts}
        seen = known.get(self._checkout.id) if self._checkout is not None else None
        if seen is None:
            return state
        return replace(
            state,
            root=seen.root,
            machine=seen.machine,
            commit=seen.commit,
            indexed_at=seen.indexed_at,
            running=seen.running,
            main=False,
        )

    def _totals(self) -> str:
        if self._checkout is None:
            return query("statistics.totals", schema=self._schema)
        return query(
            "statistics.totals_seen",
            schema=self._schema,
            checkout=self._checkout.id,
            files=self._relations.files,
            sees=self._relations.sees,
        )

    def _of_files(self, name: str) -> str:
        return query(f"statistics.{name}", schema=self._schema, files=self._relations.files, sees=self._relations.sees)

    def _of_runs(self, name: str) -> str:
        return query(f"statistics.{name}", schema=self._schema, own_runs=self._relations.runs)


def _repository(row: asyncpg.Record) -> RepositoryState:
    return RepositoryState(
        name=row["name"],
        identity=row["identity"],
        root=row["root"],
        machine=row["machine"],
        commit=row["commit"],
        indexed_at=row["indexed_at"],
        running=row["indexing"] is not None and is_alive(json.loads(row["indexing"])),
        checkouts=tuple(map(_checkout, json.loads(row["checkouts"]))),
    )


def _checkout(listed: Sequence[Any]) -> CheckoutState:
    id, root, machine, commit, indexed_at, holder = listed
    return CheckoutState(
        id=id,
        root=root,
        machine=UUID(machine),
        commit=commit,
        indexed_at=datetime.fromisoformat(indexed_at) if indexed_at else None,
        running=holder is not None and is_alive(holder),
    )


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
