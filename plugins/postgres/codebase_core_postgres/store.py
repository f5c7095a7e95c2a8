"""A store over either isolation strategy.

What creates, migrates and checks is imported where it is used: it loads psycopg, which a search does not need.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core_hookspecs import FormatTooNew, NotOwned, NotProvisioned, ProvisionError

from .isolation.verification import compare, outdated, unprovisioned
from .project.dumping import dump, load
from .project.format import FORMAT
from .project.generations import unfinished
from .project.namespace import Namespace
from .project.pause_writers import check_different, pause_writers
from .project.store import PostgresProjectStore
from .project.tables import is_whole
from .project.transfer import transfer

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Binding, ConnectionUse, Manifest, Problem, Project

    from .connection.pool import ConnectionPool
    from .connection.servers import Servers
    from .isolation.strategy import Isolation

_REMEMBERED = 1_000
"""Opened projects; a server that lives for months meets many that are gone."""


class PostgresStore:
    """Provision, open, migrate and drop projects. Opened ones are remembered: the second use asks the server nothing."""

    def __init__(self, isolation: Isolation, servers: Servers) -> None:
        self._isolation = isolation
        self._servers = servers
        self._opened: dict[tuple[Namespace, UUID], PostgresProjectStore] = {}

    def plan(self, project: UUID, name: str, *, server: str, attempt: int = 0) -> Binding:
        """Name the namespace of a new project."""
        return self._isolation.plan(project, name, server=server, attempt=attempt)

    async def provision(self, binding: Binding, manifest: Manifest) -> None:
        """Create database or schema, tables and manifest; idempotent."""
        from .project.provisioning import provision  # noqa: PLC0415 - loads psycopg

        namespace, marked = Namespace.of(binding), self._isolation.own_database
        pool = await self._ready(namespace, manifest.project)
        await pool.administer(namespace.database, lambda c: provision(c, namespace, manifest, marked=marked))

    async def open(self, binding: Binding, *, project: UUID) -> PostgresProjectStore:
        """Open a project's index; raise NotProvisioned, FormatTooNew or NotOwned."""
        namespace = Namespace.of(binding)
        known = self._opened.get((namespace, project))
        if known is None or known.superseded:
            pool = await self._servers.get(namespace.server)
            opened = await PostgresProjectStore.open(namespace, pool)
            self._check_readable(opened, pool)
            if opened.manifest.project != project:
                where = pool.address.where(namespace.database)
                raise NotOwned(f"{where} holds the index of another project", hint="codebase-core projects verify")
            if len(self._opened) >= _REMEMBERED:
                self._opened.clear()
            self._opened[namespace, project] = opened
            return opened
        return known

    async def migrate(self, binding: Binding, *, project: UUID) -> None:
        """Apply the migrations that the project lacks. A writer begins here: what was remembered may have been replaced."""
        namespace = Namespace.of(binding)
        self._opened.pop((namespace, project), None)
        store = await self.open(binding, project=project)
        if store.format < FORMAT:
            await self._migrate(store, await self._servers.get(namespace.server))
            self._opened.pop((namespace, project), None)

    async def drop(self, binding: Binding, *, project: UUID) -> None:
        """Remove the namespace; refuses what lacks the project's mark."""
        namespace = Namespace.of(binding)
        self._opened.pop((namespace, project), None)
        await self._isolation.remove(namespace, project, self._servers)

    async def open_next(self, binding: Binding, manifest: Manifest) -> PostgresProjectStore:
        """Open the next generation to build it; begun, or begun anew, if it is not there with this manifest."""
        from .project.provisioning import begin_next  # noqa: PLC0415 - loads psycopg

        namespace = Namespace.of(binding)
        pool = await self._servers.get(namespace.server)
        async with pause_writers(pool, namespace, resume=True):
            found = await pool.read(namespace.database, lambda c: unfinished(c, namespace, project=manifest.project))
            if found != replace(manifest, format=FORMAT):
                await pool.administer(namespace.database, lambda c: begin_next(c, namespace, manifest))
        opened = await PostgresProjectStore.open(namespace.next, pool)
        opened.leased = namespace
        opened.on_activated = lambda: self._opened.pop((namespace, manifest.project), None)
        return opened

    async def unfinished(self, binding: Binding, *, project: UUID) -> Manifest | None:
        """Return what the next generation is being built with."""
        namespace = Namespace.of(binding)
        pool = await self._servers.get(namespace.server)
        return await pool.read(namespace.database, lambda c: unfinished(c, namespace, project=project))

    async def drop_next(self, binding: Binding, *, project: UUID) -> None:
        """Drop what there is of a next generation."""
        from .project.provisioning import drop_next  # noqa: PLC0415 - loads psycopg

        namespace = Namespace.of(binding)
        pool = await self._servers.get(namespace.server)
        async with pause_writers(pool, namespace, resume=True):
            await pool.administer(namespace.database, lambda c: drop_next(c, namespace, project))

    async def backup(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Write one project's schema with pg_dump."""
        namespace = Namespace.of(binding)
        await self.open(binding, project=project)
        await dump((await self._servers.get(namespace.server)).address, namespace, file)

    async def restore(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Make the namespace and fill it with pg_restore; drop it again if that fails or holds another project."""
        from .project.provisioning import prepare_restore  # noqa: PLC0415 - loads psycopg

        namespace = Namespace.of(binding)
        pool = await self._ready(namespace, project)
        if not await pool.administer(namespace.database, lambda c: prepare_restore(c, namespace)):
            raise NotOwned(
                f"{pool.address.where(namespace.database)} holds schema {namespace.schema!r} already",
                hint="codebase-core projects verify",
            )
        try:
            await load(pool.address, namespace, file)
            await self.open(binding, project=project)
        except BaseException:
            await self.drop(binding, project=project)
            raise

    @asynccontextmanager
    async def moving(self, source: Binding, target: Binding, *, project: UUID) -> AsyncIterator[None]:
        """Copy a project under its lease; the copy is dropped unless the block ends well."""
        here, there = Namespace.of(source), Namespace.of(target)
        pool = await self._servers.get(here.server)
        target_pool = await self._servers.get(there.server)
        async with pause_writers(pool, here, resume=False) as fence:
            await check_different(target_pool, there, fence)
            opened = await PostgresProjectStore.open(here, pool)
            self._check_readable(opened, pool)
            if opened.format < FORMAT:
                await self._migrate(opened, pool)
            await self.drop(target, project=project)  # what an earlier move has left
            try:
                await self.provision(target, opened.manifest)
                store = await PostgresProjectStore.open(there, target_pool)
                async with pool.acquire(here.database) as sender, target_pool.acquire(there.database) as receiver:
                    await transfer(sender, here, receiver, there, vector=store.vector)
                yield
            except BaseException:
                await self.drop(target, project=project)
                raise

    async def verify(self, server: str, projects: Sequence[Project]) -> Sequence[Problem]:
        """Compare the marked namespaces of a server with the registry's projects; look into each that is active."""
        marked = await self._isolation.namespaces(server, self._servers)
        problems = list(compare(self._isolation.name, server, marked, projects))
        missing = {problem.project for problem in problems}
        for project in projects:
            if project.status == "active" and project.id not in missing:
                problems += [found for found in [await self._problem(project)] if found is not None]
        return problems

    async def _ready(self, namespace: Namespace, project: UUID) -> ConnectionPool:
        """Make sure of the database, with what only an administrator may do in it; return the connections of its server."""
        await self._isolation.make(namespace, project, self._servers)
        pool = await self._servers.get(namespace.server)
        admin = await self._servers.get(namespace.server, admin=True)
        if admin is not pool:
            from .project.provisioning import ensure_vector  # noqa: PLC0415 - loads psycopg

            await admin.administer(namespace.database, lambda c: ensure_vector(c, namespace.database))
        return pool

    async def _migrate(self, store: PostgresProjectStore, pool: ConnectionPool) -> None:
        from .project.migrations import migrate  # noqa: PLC0415 - loads psycopg

        namespace, vector = store.namespace, store.vector
        await pool.administer(namespace.database, lambda c: migrate(c, namespace, vector=vector))

    def _check_readable(self, opened: PostgresProjectStore, pool: ConnectionPool) -> None:
        if opened.min_reader > FORMAT:
            raise FormatTooNew(
                f"the index in {pool.address.where(opened.namespace.database)} needs a newer codebase-core "
                f"(format {opened.min_reader}, this one reads up to {FORMAT})",
                hint="pip install --upgrade codebase-core",
            )

    async def _problem(self, project: Project) -> Problem | None:
        namespace = Namespace.of(project.binding)
        self._opened.pop((namespace, project.id), None)  # what was read before may be gone
        try:
            await self.open(project.binding, project=project.id)
        except NotProvisioned as exc:
            return unprovisioned(project, exc.message)
        except FormatTooNew as exc:
            return outdated(project, exc)
        except NotOwned as exc:
            return unprovisioned(project, exc.message)
        pool = await self._servers.get(namespace.server)
        if await pool.read(namespace.database, lambda connection: is_whole(connection, namespace.schema)):
            return None
        return unprovisioned(project, f"{pool.address.where(namespace.database)} has lost tables")

    async def same_server(self, one: str, other: str) -> bool:
        """Compare what initdb wrote into the servers; True also where a role may not read it."""
        try:
            identifiers = [await self._system_identifier(name) for name in (one, other)]
        except ProvisionError:
            return True
        return identifiers[0] == identifiers[1]

    async def _system_identifier(self, server: str) -> int:
        pool = await self._servers.get(server)
        async with pool.acquire(pool.address.database) as connection:
            found: int = await connection.fetchval("SELECT system_identifier FROM pg_control_system()")
            return found

    async def connections(self) -> Sequence[ConnectionUse]:
        """Say how the connections to each server that was used are in use, the registry's among them."""
        return self._servers.use()

    async def check(self, server: str) -> Sequence[Problem]:
        """Say what this strategy lacks on a server."""
        from .isolation.checks import check_server  # noqa: PLC0415 - loads psycopg

        return await check_server(server, self._servers, own_database=self._isolation.own_database)

    async def aclose(self) -> None:
        """Forget what is open; the connections belong to the plugin's servers and are closed with them."""
        self._opened.clear()
        await self._servers.aclose()
