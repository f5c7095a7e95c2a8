"""A store over either isolation strategy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core_hookspecs import FormatTooNew, NotOwned, NotProvisioned, ProvisionError

from .isolation.checks import check_server
from .isolation.strategies import schema_comment
from .isolation.verification import compare, outdated, unprovisioned
from .project.dumping import dump, load
from .project.generations import begin, unfinished
from .project.generations import drop as drop_next
from .project.holder import Holder
from .project.lease import held
from .project.migrations import migrate
from .project.moving import check_another, still
from .project.place import Place
from .project.provisioning import FORMAT, ensure_vector, is_whole, provision, with_vector
from .project.store import PostgresProjectStore
from .project.transfer import transfer

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Binding, Manifest, Problem, Project

    from .connection.pool import Connections
    from .connection.servers import Servers
    from .isolation.strategies import Isolation

_REMEMBERED = 1_000
"""Opened projects; a server that lives for months meets many that are gone."""


class PostgresStore:
    """Provision, open, migrate and drop projects. Opened ones are remembered: the second use asks the server nothing."""

    def __init__(self, isolation: Isolation, servers: Servers) -> None:
        self._isolation = isolation
        self._servers = servers
        self._opened: dict[tuple[Place, UUID], PostgresProjectStore] = {}

    def plan(self, project: UUID, name: str, *, server: str, attempt: int = 0) -> Binding:
        """Name the place of a new project."""
        return self._isolation.plan(project, name, server=server, attempt=attempt)

    async def provision(self, binding: Binding, manifest: Manifest) -> None:
        """Create database or schema, tables and manifest; idempotent."""
        place = Place.of(binding)
        connections = await self._ready(place, manifest.project)
        async with connections.lend(place.database) as connection:
            await provision(connection, place, manifest, marked=self._isolation.own_database)

    async def open(self, binding: Binding, *, project: UUID) -> PostgresProjectStore:
        """Open a project's index; raise NotProvisioned, FormatTooNew or NotOwned."""
        place = Place.of(binding)
        known = self._opened.get((place, project))
        if known is None or known.superseded:
            connections = await self._servers.get(place.server)
            opened = await PostgresProjectStore.open(place, connections)
            self._check_readable(opened, connections)
            if opened.manifest.project != project:
                where = connections.address.where(place.database)
                raise NotOwned(f"{where} holds the index of another project", hint="codebase-core projects verify")
            if len(self._opened) >= _REMEMBERED:
                self._opened.clear()
            self._opened[place, project] = opened
            return opened
        return known

    async def migrate(self, binding: Binding, *, project: UUID) -> None:
        """Apply the migrations that the project lacks. A writer begins here: what was remembered may have been replaced."""
        place = Place.of(binding)
        self._opened.pop((place, project), None)
        store = await self.open(binding, project=project)
        if store.format < FORMAT:
            connections = await self._servers.get(place.server)
            async with connections.lend(place.database) as connection:
                await migrate(connection, place, vector=store.vector)
            self._opened.pop((place, project), None)

    async def drop(self, binding: Binding, *, project: UUID) -> None:
        """Remove the place; refuses what lacks the project's mark."""
        place = Place.of(binding)
        self._opened.pop((place, project), None)
        await self._isolation.remove(place, project, self._servers)

    async def open_next(self, binding: Binding, manifest: Manifest) -> PostgresProjectStore:
        """Open the next generation to build it; begun, or begun anew, if it is not there with this manifest."""
        place = Place.of(binding)
        connections = await self._servers.get(place.server)
        async with connections.lend(place.database) as connection, held(connection, place, Holder.current()):
            await begin(connection, place, manifest)
        opened = await PostgresProjectStore.open(place.next, connections)
        opened.leased = place
        opened.on_activated = lambda: self._opened.pop((place, manifest.project), None)
        return opened

    async def unfinished(self, binding: Binding, *, project: UUID) -> Manifest | None:
        """Return what the next generation is being built with."""
        place = Place.of(binding)
        connections = await self._servers.get(place.server)
        return await connections.read(place.database, lambda c: unfinished(c, place, project=project))

    async def drop_next(self, binding: Binding, *, project: UUID) -> None:
        """Drop what there is of a next generation."""
        place = Place.of(binding)
        connections = await self._servers.get(place.server)
        async with connections.lend(place.database) as connection, held(connection, place, Holder.current()):
            await drop_next(connection, place, project=project)

    async def backup(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Write one project's schema with pg_dump."""
        place = Place.of(binding)
        await self.open(binding, project=project)
        await dump((await self._servers.get(place.server)).address, place, file)

    async def restore(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Make the place and fill it with pg_restore; drop it again if that fails or holds another project."""
        place = Place.of(binding)
        connections = await self._ready(place, project)
        async with connections.lend(place.database) as connection:
            found, _ = await schema_comment(connection, place.schema)
            if not found:
                await with_vector(connection, place)
        if found:
            raise NotOwned(
                f"{connections.address.where(place.database)} holds schema {place.schema!r} already",
                hint="codebase-core projects verify",
            )
        try:
            await load(connections.address, place, file)
            await self.open(binding, project=project)
        except BaseException:
            await self.drop(binding, project=project)
            raise

    @asynccontextmanager
    async def moving(self, source: Binding, target: Binding, *, project: UUID) -> AsyncIterator[None]:
        """Copy a project under its lease; the copy is dropped unless the block ends well."""
        here, there = Place.of(source), Place.of(target)
        connections = await self._servers.get(here.server)
        receiving = await self._servers.get(there.server)
        async with still(connections, here) as fence:
            await check_another(receiving, there, fence)
            opened = await PostgresProjectStore.open(here, connections)
            self._check_readable(opened, connections)
            if opened.format < FORMAT:
                async with connections.lend(here.database) as connection:
                    await migrate(connection, here, vector=opened.vector)
            await self.drop(target, project=project)  # what an earlier move has left
            try:
                await self.provision(target, opened.manifest)
                store = await PostgresProjectStore.open(there, receiving)
                async with connections.lend(here.database) as sender, receiving.lend(there.database) as receiver:
                    await transfer(sender, here, receiver, there, vector=store.vector)
                yield
            except BaseException:
                await self.drop(target, project=project)
                raise

    async def verify(self, server: str, projects: Sequence[Project]) -> Sequence[Problem]:
        """Compare the marked places of a server with the registry's projects; look into each that is active."""
        marked = await self._isolation.places(server, self._servers)
        problems = list(compare(self._isolation.name, server, marked, projects))
        missing = {problem.project for problem in problems}
        for project in projects:
            if project.status == "active" and project.id not in missing:
                problems += [found for found in [await self._problem(project)] if found is not None]
        return problems

    async def _ready(self, place: Place, project: UUID) -> Connections:
        """Make sure of the database, with what only an administrator may do in it; return the connections of its server."""
        await self._isolation.make(place, project, self._servers)
        connections = await self._servers.get(place.server)
        admin = await self._servers.get(place.server, admin=True)
        if admin is not connections:
            async with admin.lend(place.database) as connection:
                await ensure_vector(connection, place.database)
        return connections

    def _check_readable(self, opened: PostgresProjectStore, connections: Connections) -> None:
        if opened.min_reader > FORMAT:
            raise FormatTooNew(
                f"the index in {connections.address.where(opened.place.database)} needs a newer codebase-core "
                f"(format {opened.min_reader}, this one reads up to {FORMAT})",
                hint="pip install --upgrade codebase-core",
            )

    async def _problem(self, project: Project) -> Problem | None:
        place = Place.of(project.binding)
        self._opened.pop((place, project.id), None)  # what was read before may be gone
        try:
            await self.open(project.binding, project=project.id)
        except NotProvisioned as exc:
            return unprovisioned(project, exc.message)
        except FormatTooNew as exc:
            return outdated(project, exc)
        except NotOwned as exc:
            return unprovisioned(project, exc.message)
        connections = await self._servers.get(place.server)
        if await connections.read(place.database, lambda connection: is_whole(connection, place.schema)):
            return None
        return unprovisioned(project, f"{connections.address.where(place.database)} has lost tables")

    async def same_server(self, one: str, other: str) -> bool:
        """Compare what initdb wrote into the servers; True also where a role may not read it."""
        try:
            identifiers = [await self._system_identifier(name) for name in (one, other)]
        except ProvisionError:
            return True
        return identifiers[0] == identifiers[1]

    async def _system_identifier(self, server: str) -> int:
        connections = await self._servers.get(server)
        async with connections.lend(connections.address.database) as connection:
            found: int = await connection.fetchval("SELECT system_identifier FROM pg_control_system()")
            return found

    async def check(self, server: str) -> Sequence[Problem]:
        """Say what this strategy lacks on a server."""
        return await check_server(server, self._servers, own_database=self._isolation.own_database)

    async def aclose(self) -> None:
        """Forget what is open; the connections belong to the plugin's servers and are closed with them."""
        self._opened.clear()
        await self._servers.aclose()
