"""Project records in PostgreSQL: schema ``codebase_core`` of the registry's database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
from codebase_core_hookspecs import (
    AUDIT_LIMIT,
    AccessToken,
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

from codebase_core_postgres.sql.loader import query

from . import tokens
from .cache import CHANNEL, RegistryCache
from .pages import page
from .rows import COLUMNS, changeable, changes, checkout_of, entry_of, name_key, project_of, token_detail

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_postgres.connection.pool import Connection

    from .database import RegistryDatabase


class PostgresRegistry:
    """Records of projects, their checkouts and their audit trail."""

    def __init__(self, database: RegistryDatabase) -> None:
        self._database = database
        self._cache = RegistryCache(database.pool, database=database.name)

    async def create(self, project: Project, *, actor: str, checkout: Checkout | None = None) -> Project:
        """Store a new record and its first checkout; raise NameTaken, BindingTaken or CheckoutTaken."""
        async with self._changing() as connection:
            row = await _guarded(
                connection,
                project,
                query("registry.create", columns=COLUMNS),
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
        sql = query("registry.get", columns=COLUMNS)
        return await self._cache.get(project, lambda: self._one(sql, project))

    async def find(self, name: str) -> Project | None:
        """Return the live record with this name."""
        sql = query("registry.find", columns=COLUMNS)
        return await self._cache.get(name_key(name), lambda: self._one(sql, name_key(name)))

    async def list(self, *, deleted: bool = False) -> Sequence[Project]:
        """Return records, newest first."""
        return (await self.page(ProjectQuery(deleted=deleted))).projects

    async def page(self, query: ProjectQuery) -> ProjectPage:
        """Return the records that a query asks for."""
        return await page(self._database, query)

    async def update(self, project: Project, *, actor: str, action: str) -> Project:
        """Store a changed record if its version still is current; a deleted project gives its checkouts free."""
        async with self._changing() as connection:
            old = await connection.fetchrow(query("registry.lock", columns=COLUMNS), project.id)
            if old is None or old["version"] != project.version:
                raise VersionConflict(
                    f"project {project.name!r} was changed by somebody else meanwhile", hint="run it again"
                )
            row = await _guarded(
                connection,
                project,
                query("registry.update", columns=COLUMNS),
                project.id,
                actor,
                *changeable(project),
            )
            if project.deleted_at is not None:
                await connection.execute(query("registry.detach_all"), project.id)
            await _record(connection, project.id, actor, action, changes(project_of(old), project))
        return project_of(row)

    async def purge(self, project: UUID, *, actor: str) -> None:
        """Remove a record in status ``dropping``; its audit trail stays."""
        async with self._changing() as connection:
            gone = await connection.fetchval(query("registry.purge"), project)
            if gone is not None:
                await _record(connection, project, actor, "purge", {"name": gone})

    async def attach(self, checkout: Checkout, *, actor: str) -> None:
        """Record a checkout; raise CheckoutTaken if the folder is at home in another project."""
        async with self._changing() as connection:
            await _attach(connection, checkout, actor=actor)

    async def detach(self, checkout: Checkout, *, actor: str) -> None:
        """Forget a checkout."""
        async with self._changing() as connection:
            key = (checkout.project, checkout.machine, checkout.root)
            if await connection.fetchval(query("registry.detach"), *key):
                await _record(connection, checkout.project, actor, "detach", _detail(checkout))

    async def checkouts(
        self, *, machine: UUID, roots: Sequence[str], identity: str | None = None
    ) -> Sequence[Checkout]:
        """Return checkouts of live projects among these folders or with this identity, longest root first, homes first."""
        key = (machine, tuple(roots), identity)
        return await self._cache.get(key, lambda: self._checkouts(machine, roots, identity))

    async def all_checkouts(self) -> Sequence[Checkout]:
        """Return every checkout of live projects, by project and root."""
        rows = await self._database.fetch(query("registry.all_checkouts"))
        return [checkout_of(row) for row in rows]

    async def history(self, project: UUID | None = None, *, limit: int | None = None) -> Sequence[AuditEntry]:
        """Return the audit trail of a project or of all, oldest first."""
        rows = await self._database.fetch(
            query("registry.history"),
            project,
            limit,
        )
        return [entry_of(row) for row in rows]

    async def tokens(self) -> Sequence[AccessToken]:
        """Return the tokens, by name."""
        return await self._cache.get("tokens", lambda: tokens.tokens(self._database))

    async def add_token(self, token: AccessToken, *, actor: str, replaces: UUID | None = None) -> None:
        """Store a token, in place of another one if that is named; raise NameTaken."""
        async with self._changing(table="tokens") as connection:
            if replaces is not None:
                await tokens.remove(connection, replaces)
            await tokens.add(connection, token)
            await _record(connection, token.id, actor, "token-add", token_detail(token, replaces))

    async def remove_token(self, token: UUID, *, actor: str) -> None:
        """Take a token away."""
        async with self._changing(table="tokens") as connection:
            if (name := await tokens.remove(connection, token)) is not None:
                await _record(connection, token, actor, "token-remove", {"name": name})

    async def check(self) -> Sequence[Problem]:
        """Say what is missing before the registry can be made."""
        return await self._database.check()

    async def aclose(self) -> None:
        """Stop listening, and close the registry's connections."""
        await self._cache.aclose()
        await self._database.aclose()

    @asynccontextmanager
    async def _changing(self, *, table: str = "projects") -> AsyncIterator[Connection]:
        """Lend a connection in a transaction; every process that listens learns of its commit, this one at once."""
        try:
            async with self._database.changing(table=table) as connection:
                yield connection
        finally:
            self._cache.forget()

    async def _checkouts(self, machine: UUID, roots: Sequence[str], identity: str | None) -> Sequence[Checkout]:
        rows = await self._database.fetch(
            query("registry.checkouts"),
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
            query("registry.attach"),
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
        await _record(connection, checkout.project, actor, "attach", _detail(checkout))


def _detail(checkout: Checkout) -> dict[str, Any]:
    return {
        "root": checkout.root,
        "machine": str(checkout.machine),
        "identity": checkout.identity,
        "home": checkout.home,
    }


async def _record(connection: Connection, project: UUID, actor: str, action: str, detail: Mapping[str, Any]) -> None:
    """Add an entry to the audit trail and tell of it; forget the oldest of too many, unless somebody else is about to."""
    await connection.execute(
        query("registry.record"),
        project,
        actor,
        action,
        json.dumps(dict(detail)),
        CHANNEL,
        AUDIT_LIMIT,
    )
