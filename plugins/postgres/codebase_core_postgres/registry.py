"""Project records in PostgreSQL: schema ``codebase_core`` of the registry's database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
from codebase_core_hookspecs import (
    AuditEntry,
    Binding,
    BindingTaken,
    Checkout,
    CheckoutTaken,
    NameTaken,
    Problem,
    Project,
    VersionConflict,
)

if TYPE_CHECKING:
    from uuid import UUID

    from .connections import Connection
    from .registry_database import RegistryDatabase

_PROJECTS = "codebase_core.projects"
_TIME = "clock_timestamp()"


class PostgresRegistry:
    """Records of projects, their checkouts and their audit trail."""

    def __init__(self, database: RegistryDatabase) -> None:
        self._database = database

    async def create(self, project: Project, *, actor: str, checkout: Checkout | None = None) -> Project:
        """Store a new record and its first checkout; raise NameTaken, BindingTaken or CheckoutTaken."""
        async with self._database.changing() as connection:
            row = await _guarded(
                connection,
                project,
                f"INSERT INTO {_PROJECTS} (id, name, name_key, description, store, server, location, status, tags, metadata, "
                "created_by, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING *",
                project.id,
                project.name,
                name_key(project.name),
                project.description,
                project.binding.store,
                project.binding.server,
                json.dumps(dict(project.binding.location)),
                project.status,
                sorted(project.tags),
                json.dumps(dict(project.metadata)),
                actor,
            )
            await _record(connection, project.id, actor, "create", {"name": project.name})
            if checkout is not None:
                await _attach(connection, checkout)
        return _project(row)

    async def get(self, project: UUID) -> Project | None:
        """Return the record with this id, deleted ones included."""
        return await self._one(f"SELECT * FROM {_PROJECTS} WHERE id = $1", project)

    async def find(self, name: str) -> Project | None:
        """Return the live record with this name."""
        return await self._one(f"SELECT * FROM {_PROJECTS} WHERE name_key = $1 AND deleted_at IS NULL", name_key(name))

    async def list(self, *, deleted: bool = False) -> Sequence[Project]:
        """Return records, newest first."""
        condition = "IS NOT NULL" if deleted else "IS NULL"
        rows = await self._database.fetch(
            f"SELECT * FROM {_PROJECTS} WHERE deleted_at {condition} ORDER BY created_at DESC, id"
        )
        return [_project(row) for row in rows]

    async def update(self, project: Project, *, actor: str, action: str) -> Project:
        """Store a changed record if its version still is current; a deleted project gives its checkouts free."""
        async with self._database.changing() as connection:
            row = await _guarded(
                connection,
                project,
                f"UPDATE {_PROJECTS} SET name = $3, name_key = $4, description = $5, store = $6, server = $7, location = $8, "
                "status = $9, tags = $10, metadata = $11, deleted_at = $12, updated_by = $13, version = version + 1, "
                f"updated_at = {_TIME} WHERE id = $1 AND version = $2 RETURNING *",
                project.id,
                project.version,
                project.name,
                name_key(project.name),
                project.description,
                project.binding.store,
                project.binding.server,
                json.dumps(dict(project.binding.location)),
                project.status,
                sorted(project.tags),
                json.dumps(dict(project.metadata)),
                project.deleted_at,
                actor,
            )
            if project.deleted_at is not None:
                await connection.execute("DELETE FROM codebase_core.checkouts WHERE project_id = $1", project.id)
            await _record(connection, project.id, actor, action, {"name": project.name, "status": project.status})
        return _project(row)

    async def purge(self, project: UUID, *, actor: str) -> None:
        """Remove a record in status ``dropping``; its audit trail stays."""
        async with self._database.changing() as connection:
            gone = await connection.fetchval(
                f"DELETE FROM {_PROJECTS} WHERE id = $1 AND status = 'dropping' RETURNING name", project
            )
            if gone is not None:
                await _record(connection, project, actor, "purge", {"name": gone})

    async def attach(self, checkout: Checkout) -> None:
        """Record a checkout; raise CheckoutTaken if the folder is at home in another project."""
        async with self._database.changing() as connection:
            await _attach(connection, checkout)

    async def checkouts(
        self, *, machine: UUID, roots: Sequence[str], identity: str | None = None
    ) -> Sequence[Checkout]:
        """Return checkouts of live projects among these folders or with this identity, longest root first, homes first."""
        rows = await self._database.fetch(
            f"SELECT c.* FROM codebase_core.checkouts AS c JOIN {_PROJECTS} AS p ON p.id = c.project_id AND p.deleted_at IS NULL "
            "WHERE c.machine = $1 AND c.root IN (SELECT json_array_elements_text($2::text::json)) OR c.identity = $3 "
            "ORDER BY length(c.root) DESC, c.root, c.home DESC, c.added_at",
            machine,
            json.dumps(list(roots)),
            identity,
        )
        return [
            Checkout(
                project=row["project_id"],
                machine=row["machine"],
                root=row["root"],
                identity=row["identity"],
                home=row["home"],
            )
            for row in rows
        ]

    async def history(self, project: UUID) -> Sequence[AuditEntry]:
        """Return the audit trail of a project, oldest first."""
        rows = await self._database.fetch(
            "SELECT * FROM codebase_core.project_events WHERE project_id = $1 ORDER BY id", project
        )
        return [
            AuditEntry(
                project=row["project_id"],
                at=row["at"],
                actor=row["actor"],
                action=row["action"],
                detail=json.loads(row["detail"]),
            )
            for row in rows
        ]

    async def check(self) -> Sequence[Problem]:
        """Say what is missing before the registry can be made."""
        return await self._database.check()

    async def aclose(self) -> None:
        """Close the registry's connections."""
        await self._database.aclose()

    async def _one(self, sql: str, argument: object) -> Project | None:
        rows = await self._database.fetch(sql, argument)
        return _project(rows[0]) if rows else None


def name_key(name: str) -> str:
    """Return what two live projects must not share: the name without regard to case."""
    return name.casefold()


async def _guarded(connection: Connection, project: Project, sql: str, *arguments: object) -> asyncpg.Record:
    """Run a change of a project's row; name the rule that it breaks."""
    try:
        row = await connection.fetchrow(sql, *arguments)
    except asyncpg.UniqueViolationError as exc:
        if exc.constraint_name == "projects_binding":
            raise BindingTaken(f"another project is stored at {dict(project.binding.location)}") from exc
        hint = "choose another name, or use that project with --project"
        raise NameTaken(f"a project called {project.name!r} exists already", hint=hint) from exc
    if row is None:
        raise VersionConflict(f"project {project.name!r} was changed by somebody else meanwhile", hint="run it again")
    return row


async def _attach(connection: Connection, checkout: Checkout) -> None:
    try:
        await connection.execute(
            "INSERT INTO codebase_core.checkouts (project_id, machine, root, identity, home) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (project_id, machine, root) DO UPDATE SET identity = excluded.identity, home = excluded.home",
            checkout.project,
            checkout.machine,
            checkout.root,
            checkout.identity,
            checkout.home,
        )
    except asyncpg.UniqueViolationError as exc:
        hint = "name the project with --project; codebase-core projects list shows them"
        raise CheckoutTaken(f"{checkout.root} already belongs to another project", hint=hint) from exc


async def _record(connection: Connection, project: UUID, actor: str, action: str, detail: Mapping[str, Any]) -> None:
    await connection.execute(
        "INSERT INTO codebase_core.project_events (project_id, actor, action, detail) VALUES ($1, $2, $3, $4)",
        project,
        actor,
        action,
        json.dumps(dict(detail)),
    )


def _project(row: asyncpg.Record) -> Project:
    return Project(
        id=row["id"],
        name=row["name"],
        binding=Binding(store=row["store"], server=row["server"], location=json.loads(row["location"])),
        status=row["status"],
        version=row["version"],
        description=row["description"],
        tags=frozenset(row["tags"]),
        metadata=json.loads(row["metadata"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        deleted_at=row["deleted_at"],
    )
