"""Project records in PostgreSQL: schema ``codebase_core`` of the registry's database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
from codebase_core_hookspecs import (
    TRAIL,
    AuditEntry,
    BindingTaken,
    Checkout,
    CheckoutTaken,
    NameTaken,
    Problem,
    Project,
    ProjectPage,
    ProjectQuery,
    VersionConflict,
)

from .cache import CHANNEL, RegistryCache
from .pages import page
from .rows import CHANGEABLE, COLUMNS, changeable, changes, checkout_of, entry_of, name_key, project_of

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_postgres.connection.pool import Connection

    from .database import RegistryDatabase

_PROJECTS = "codebase_core.projects"
_TIME = "clock_timestamp()"
_LIVE_CHECKOUTS = (
    f"FROM codebase_core.checkouts AS c JOIN {_PROJECTS} AS p ON p.id = c.project_id AND p.deleted_at IS NULL"
)


class PostgresRegistry:
    """Records of projects, their checkouts and their audit trail."""

    def __init__(self, database: RegistryDatabase) -> None:
        self._database = database
        self._cache = RegistryCache(database.pool, database=database.name)

    async def create(self, project: Project, *, actor: str, checkout: Checkout | None = None) -> Project:
        """Store a new record and its first checkout; raise NameTaken, BindingTaken or CheckoutTaken."""
        placeholders = ", ".join(f"${number + 5}" for number in range(len(CHANGEABLE)))
        async with self._changing() as connection:
            row = await _guarded(
                connection,
                project,
                f"INSERT INTO {_PROJECTS} (id, created_by, updated_by, created_at, updated_at, version, {', '.join(CHANGEABLE)}) "
                f"VALUES ($1, $2, $2, $3, {_TIME}, $4, {placeholders}) RETURNING {COLUMNS}",
                project.id,
                actor,
                project.created_at,
                project.version,
                *changeable(project),
            )
            await _record(connection, project.id, actor, "create", {"name": project.name})
            if checkout is not None:
                await _attach(connection, checkout, actor=actor)
        return project_of(row)

    async def get(self, project: UUID) -> Project | None:
        """Return the record with this id, deleted ones included."""
        sql = f"SELECT {COLUMNS} FROM {_PROJECTS} WHERE id = $1"
        return await self._cache.get(project, lambda: self._one(sql, project))

    async def find(self, name: str) -> Project | None:
        """Return the live record with this name."""
        sql = f"SELECT {COLUMNS} FROM {_PROJECTS} WHERE name_key = $1 AND deleted_at IS NULL"
        return await self._cache.get(name_key(name), lambda: self._one(sql, name_key(name)))

    async def list(self, *, deleted: bool = False) -> Sequence[Project]:
        """Return records, newest first."""
        return (await self.page(ProjectQuery(deleted=deleted))).projects

    async def page(self, query: ProjectQuery) -> ProjectPage:
        """Return the records that a query asks for."""
        return await page(self._database, query)

    async def update(self, project: Project, *, actor: str, action: str) -> Project:
        """Store a changed record if its version still is current; a deleted project gives its checkouts free."""
        values = ", ".join(f"{column} = ${number + 3}" for number, column in enumerate(CHANGEABLE))
        async with self._changing() as connection:
            old = await connection.fetchrow(f"SELECT {COLUMNS} FROM {_PROJECTS} WHERE id = $1 FOR UPDATE", project.id)
            if old is None or old["version"] != project.version:
                raise VersionConflict(
                    f"project {project.name!r} was changed by somebody else meanwhile", hint="run it again"
                )
            row = await _guarded(
                connection,
                project,
                f"UPDATE {_PROJECTS} SET {values}, updated_by = $2, version = version + 1, updated_at = {_TIME} "
                f"WHERE id = $1 RETURNING {COLUMNS}",
                project.id,
                actor,
                *changeable(project),
            )
            if project.deleted_at is not None:
                await connection.execute("DELETE FROM codebase_core.checkouts WHERE project_id = $1", project.id)
            await _record(connection, project.id, actor, action, changes(project_of(old), project))
        return project_of(row)

    async def purge(self, project: UUID, *, actor: str) -> None:
        """Remove a record in status ``dropping``; its audit trail stays."""
        async with self._changing() as connection:
            gone = await connection.fetchval(
                f"DELETE FROM {_PROJECTS} WHERE id = $1 AND status = 'dropping' RETURNING name", project
            )
            if gone is not None:
                await _record(connection, project, actor, "purge", {"name": gone})

    async def attach(self, checkout: Checkout, *, actor: str) -> None:
        """Record a checkout; raise CheckoutTaken if the folder is at home in another project."""
        async with self._changing() as connection:
            await _attach(connection, checkout, actor=actor)

    async def checkouts(
        self, *, machine: UUID, roots: Sequence[str], identity: str | None = None
    ) -> Sequence[Checkout]:
        """Return checkouts of live projects among these folders or with this identity, longest root first, homes first."""
        key = (machine, tuple(roots), identity)
        return await self._cache.get(key, lambda: self._checkouts(machine, roots, identity))

    async def all_checkouts(self) -> Sequence[Checkout]:
        """Return every checkout of live projects, by project and root."""
        rows = await self._database.fetch(f"SELECT c.* {_LIVE_CHECKOUTS} ORDER BY c.project_id, c.root, c.machine")
        return [checkout_of(row) for row in rows]

    async def history(self, project: UUID | None = None, *, limit: int | None = None) -> Sequence[AuditEntry]:
        """Return the audit trail of a project or of all, oldest first."""
        rows = await self._database.fetch(
            "SELECT * FROM (SELECT * FROM codebase_core.project_events WHERE $1::uuid IS NULL OR project_id = $1 "
            "ORDER BY id DESC LIMIT $2) AS newest ORDER BY id",
            project,
            limit,
        )
        return [entry_of(row) for row in rows]

    async def check(self) -> Sequence[Problem]:
        """Say what is missing before the registry can be made."""
        return await self._database.check()

    async def aclose(self) -> None:
        """Stop listening, and close the registry's connections."""
        await self._cache.aclose()
        await self._database.aclose()

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[Connection]:
        """Lend a connection in a transaction; every process that listens learns of its commit, this one at once."""
        try:
            async with self._database.changing() as connection:
                yield connection
        finally:
            self._cache.forget()

    async def _checkouts(self, machine: UUID, roots: Sequence[str], identity: str | None) -> Sequence[Checkout]:
        rows = await self._database.fetch(
            f"SELECT c.* {_LIVE_CHECKOUTS} "
            "WHERE c.machine = $1 AND c.root IN (SELECT json_array_elements_text($2::text::json)) OR c.identity = $3 "
            "ORDER BY length(c.root) DESC, c.root, c.home DESC, c.added_at",
            machine,
            json.dumps(list(roots)),
            identity,
        )
        return [checkout_of(row) for row in rows]

    async def _one(self, sql: str, argument: object) -> Project | None:
        rows = await self._database.fetch(sql, argument)
        return project_of(rows[0]) if rows else None


async def _guarded(connection: Connection, project: Project, sql: str, *arguments: object) -> asyncpg.Record:
    """Run a change of a project's row; name the rule that it breaks."""
    try:
        row = await connection.fetchrow(sql, *arguments)
        assert row is not None  # noqa: S101 - it was inserted, or is locked
    except asyncpg.UniqueViolationError as exc:
        if exc.constraint_name == "projects_binding":
            raise BindingTaken(f"another project is stored at {dict(project.binding.location)}") from exc
        if exc.constraint_name == "projects_pkey":
            raise NameTaken(
                f"a project with the id {project.id} exists already", hint=f"--project {project.id}"
            ) from exc
        hint = "choose another name, or use that project with --project"
        raise NameTaken(f"a project called {project.name!r} exists already", hint=hint) from exc
    return row


async def _attach(connection: Connection, checkout: Checkout, *, actor: str) -> None:
    try:
        changed = await connection.fetchval(
            "INSERT INTO codebase_core.checkouts AS c (project_id, machine, root, identity, home) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (project_id, machine, root) DO UPDATE SET identity = excluded.identity, home = excluded.home "
            "WHERE (c.identity, c.home) <> (excluded.identity, excluded.home) RETURNING true",
            checkout.project,
            checkout.machine,
            checkout.root,
            checkout.identity,
            checkout.home,
        )
    except asyncpg.UniqueViolationError as exc:
        hint = "name the project with --project; codebase-core projects list shows them"
        raise CheckoutTaken(f"{checkout.root} already belongs to another project", hint=hint) from exc
    except asyncpg.ForeignKeyViolationError as exc:
        raise VersionConflict(f"project {checkout.project} is gone", hint="run it again") from exc
    if changed:
        detail = {"root": checkout.root, "machine": str(checkout.machine), "home": checkout.home}
        await _record(connection, checkout.project, actor, "attach", detail)


async def _record(connection: Connection, project: UUID, actor: str, action: str, detail: Mapping[str, Any]) -> None:
    """Add an entry to the audit trail and tell of it; forget the oldest of too many, unless somebody else is about to."""
    await connection.execute(
        "WITH recorded AS (INSERT INTO codebase_core.project_events (project_id, actor, action, detail) "
        "VALUES ($1, $2, $3, $4) RETURNING id, project_id), "
        "old AS (SELECT id FROM codebase_core.project_events "
        "WHERE id <= (SELECT id - $6::bigint FROM recorded) FOR UPDATE SKIP LOCKED), "
        "forgotten AS (DELETE FROM codebase_core.project_events WHERE id IN (SELECT id FROM old)) "
        "SELECT pg_notify($5, project_id::text) FROM recorded",
        project,
        actor,
        action,
        json.dumps(dict(detail)),
        CHANNEL,
        TRAIL,
    )
