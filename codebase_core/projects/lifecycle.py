"""The life cycle of projects over registry and stores, which never call each other: this is where they meet.

Every step can be run again, and running it again is the repair of one that was cut short.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from codebase_core_hookspecs import Project, ProjectQuery

from codebase_core.errors import (
    AlreadyThere,
    BindingTaken,
    CheckoutTaken,
    CodebaseCoreError,
    NameTaken,
    NotOwned,
    ProjectNotFound,
    Unsupported,
    VersionConflict,
)
from codebase_core.retry import retry

from .machine import actor
from .names import check_metadata, check_name, check_tag, check_text
from .records import Records

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Binding, Capability, Checkout, Manifest, Problem, Registry, Store, StorePlugin

logger = logging.getLogger(__name__)

_PAUSES = (0.0, 0.0)
_NOT_OURS = (BindingTaken, NotOwned)
"""The place is another project's, or somebody else's: the next attempt plans another."""

StoreOpener = Callable[[str], Awaitable["Store"]]
ManifestMaker = Callable[["UUID"], Awaitable["Manifest"]]


class Projects(Records):
    """Create, provision, purge, verify and repair projects, and all that their records can do."""

    def __init__(
        self, registry: Registry, open_store: StoreOpener, *, home: Path, plugin: Callable[[str], StorePlugin]
    ) -> None:
        super().__init__(registry, home=home)
        self._open_store = open_store
        self._plugin = plugin

    async def create(
        self,
        name: str,
        *,
        store: str,
        server: str,
        manifest: ManifestMaker,
        id: UUID | None = None,
        description: str | None = None,
        tags: Iterable[str] = (),
        metadata: Mapping[str, Any] | None = None,
        checkout: Callable[[UUID], Checkout] | None = None,
    ) -> Project:
        """Create a project and its place; on failure neither stays behind. Raises NameTaken or CheckoutTaken."""
        check_name(name)
        check_text(description or "", "a description")
        tagged = frozenset(map(check_tag, tags))
        described = check_metadata(metadata or {})
        made = id or uuid4()
        pinned = await manifest(made)
        opened = await self._open_store(store)
        now = datetime.now(UTC)

        async def create_at(attempt: int) -> Project:
            project = Project(
                id=made,
                name=name,
                binding=opened.plan(made, name, server=server, attempt=attempt),
                status="provisioning",
                description=description or None,
                tags=tagged,
                metadata=described,
                created_at=now,
                updated_at=now,
            )
            return await self._created(project, pinned, checkout(made) if checkout is not None else None)

        return await retry(create_at, on=_NOT_OURS, pauses=_PAUSES)

    async def provision(self, project: Project, manifest: Manifest) -> Project:
        """Make sure that the project's place exists, and mark the record as active."""
        store = await self._open_store(project.binding.store)
        await store.provision(project.binding, manifest)
        try:
            return await self.change(project.id, _provisioned, action="provision")
        except ProjectNotFound:  # purged meanwhile, perhaps before the place was made: nobody else would drop it
            with suppress(NotOwned):
                await store.drop(project.binding, project=project.id)
            raise

    async def purge(self, project: Project) -> bool:
        """Drop a project's place and forget it; return False if the place is somebody else's, which is left alone.

        Raises NotOwned, and keeps the record, for a project that had a place until now: its data may be there without its mark.
        """
        before = project.status

        def dropped(current: Project) -> Project:
            nonlocal before
            before = current.status
            return replace(current, status="dropping")

        dropping = await self.change(project.id, dropped, action="dropping")
        store = await self._open_store(dropping.binding.store)
        ours = known = True
        try:
            await store.drop(dropping.binding, project=dropping.id)
        except NotOwned:
            # Most often another process purged the project meanwhile, and the next one has its place. Or it never had one:
            # whoever creates a project whose place is taken writes the record first, and withdraws it.
            ours = not (known := await self._is_dropping(dropping))
            if known and before == "active":
                raise
        if known:
            await self._registry.purge(dropping.id, actor=actor())
        self._forget_use(dropping)
        return ours

    async def _is_dropping(self, project: Project) -> bool:
        """Look a record up among those being dropped, by a page: unlike ``get``, it is never answered from memory."""
        for deleted in (False, True):
            found = await self._registry.page(ProjectQuery(statuses=frozenset({"dropping"}), deleted=deleted))
            if any((each.id, each.binding) == (project.id, project.binding) for each in found.projects):
                return True
        return False

    async def backup(self, project: Project, file: Path) -> None:
        """Write one project, record and index, to a file."""
        from .backup import write  # noqa: PLC0415 - only where it is used

        checkouts = [each for each in await self._registry.all_checkouts() if each.project == project.id]
        await write(file, project, checkouts, await self._able(project.binding.store, "backup"))

    async def restore_from(self, file: Path, *, name: str | None = None, server: str | None = None) -> Project:
        """Make a project from a backup, with its id: under another name or on another server if the old one will not do.

        Raises NameTaken while a record has its name or id: a project that is there is never replaced.
        """
        from .backup import read  # noqa: PLC0415

        with tempfile.TemporaryDirectory(prefix="codebase-core-restore-") as folder:
            project, checkouts, index = await asyncio.to_thread(read, file, Path(folder))
            binding = replace(project.binding, server=server or project.binding.server)
            store = await self._able(binding.store, "backup")
            there = await self._registry.get(project.id)
            if there is not None:
                raise _is_there(there)
            made = replace(
                project,
                name=check_name(name or project.name),
                binding=binding,
                status="provisioning",
                deleted_at=None,
                version=1,
            )
            try:
                registered = await self._registry.create(made, actor=actor())
            except BindingTaken as exc:
                raise BindingTaken(
                    exc.message, hint="restore with --server to another server, or first move that project away"
                ) from exc
            try:
                await store.restore(binding, index, project=made.id)
                restored = await self.change(made.id, _provisioned, action="restore")
            except BaseException:
                await self._withdraw(registered)
                raise
        for each in checkouts:
            with suppress(CheckoutTaken):  # the folder is at home in another project by now
                await self._registry.attach(each, actor=actor())
        return restored

    async def move(self, project: Project, *, store: str, server: str) -> Project:
        """Copy a project to another store or server, compare both, bind it to the copy, drop the old place."""
        source, target = await self._able(project.binding.store, "move"), await self._able(store, "move")
        if self._plugin(store).table != self._plugin(project.binding.store).table:
            raise Unsupported(
                f"store {store!r} cannot read what {project.binding.store!r} wrote",
                hint=f"index into a new project: codebase-core index --project NAME --store {store}",
            )
        if (store, server) == (project.binding.store, project.binding.server):
            raise AlreadyThere(f"project {project.name!r} is at {store} on {server} already", hint="nothing to do")

        async def move_to(attempt: int) -> Project:
            binding = target.plan(project.id, project.name, server=server, attempt=attempt)
            async with target.moving(project.binding, binding, project=project.id):
                return await self._rebound(project, binding)

        moved = await retry(move_to, on=_NOT_OURS, pauses=_PAUSES)
        await source.drop(project.binding, project=project.id)
        return moved

    async def verify(self, stores: Mapping[str, Sequence[str]]) -> list[Problem]:
        """Compare the registry with what stores hold: on the servers of known projects, and on those named with the store."""
        projects = await self.everything()
        problems: list[Problem] = []
        for name, servers in stores.items():
            bound = [project for project in projects if project.binding.store == name]
            for server in dict.fromkeys([*(project.binding.server for project in bound), *servers]):
                store = await self._open_store(name)
                own = [project for project in bound if project.binding.server == server]
                found = await store.verify(server, own)
                problems += [each for each in found if not await _bound_by_another_name(each, bound, store)]
        return problems

    async def repair(self, problem: Problem, *, manifest: ManifestMaker, drop: bool) -> str | None:
        """Mend one problem and say what was done; None if it was left alone. ``drop`` allows dropping orphans."""
        if problem.project is None or problem.repair is None:
            return None
        if problem.repair == "drop" and problem.binding is not None and drop:
            store = await self._open_store(problem.binding.store)
            await store.drop(problem.binding, project=problem.project)
            return f"dropped {problem.where}"
        project = await self._registry.get(problem.project)
        if project is None or problem.repair == "drop":
            return None
        if problem.repair == "forget":
            return await self._forget(project)
        try:
            await self.provision(project, await manifest(project.id))
        except NotOwned:
            return None
        return f"provisioned {project.name!r}; its files are indexed by the next codebase-core index"

    async def _able(self, store: str, ability: Capability) -> Store:
        if ability not in self._plugin(store).supports:
            raise Unsupported(
                f"store {store!r} does not support {ability!r}", hint="codebase-core plugins show " + store
            )
        return await self._open_store(store)

    async def _rebound(self, project: Project, binding: Binding) -> Project:
        """Bind a project to its copy. An error that came after the change was stored is none: the copy must stay."""
        try:
            return await self.change(project.id, _bound(project, binding), action="move")
        except CodebaseCoreError:
            current = await self._registry.get(project.id)
            if current is None or current.binding != binding:
                raise
            return current

    async def _forget(self, project: Project) -> str:
        if await self.purge(project):
            return f"finished purging {project.name!r}"
        return f"forgot {project.name!r}; its place belongs to somebody else and was left alone"

    async def _created(self, project: Project, manifest: Manifest, checkout: Checkout | None) -> Project:
        """Write the record and make its place; both or none."""
        registered = await self._registry.create(project, actor=actor(), checkout=checkout)
        try:
            return await self.provision(registered, manifest)
        except Exception:
            await self._withdraw(registered)
            raise

    async def _withdraw(self, project: Project) -> None:
        """Undo a creation that failed; what cannot be undone is left for ``projects repair``."""
        try:
            current = await self._registry.get(project.id)
            if current is None or current.status != "active":
                await self._purge_or_drop(project)
        except CodebaseCoreError as exc:
            logger.warning("project %r is half made (%s): codebase-core projects repair", project.name, exc)

    async def _purge_or_drop(self, project: Project) -> None:
        try:
            await self.purge(project)
        except ProjectNotFound:  # purged by somebody else, perhaps before the place was made
            store = await self._open_store(project.binding.store)
            with suppress(NotOwned):
                await store.drop(project.binding, project=project.id)


def _provisioned(current: Project) -> Project:
    if current.status == "dropping":
        raise ProjectNotFound(f"project {current.name!r} is being purged", hint="codebase-core projects repair")
    return replace(current, status="active")


def _bound(before: Project, binding: Binding) -> Callable[[Project], Project]:
    def bound(current: Project) -> Project:
        if current.binding != before.binding or current.status != "active":
            raise VersionConflict(
                f"project {before.name!r} was changed by somebody else meanwhile", hint="run it again"
            )
        return replace(current, binding=binding)

    return bound


async def _bound_by_another_name(problem: Problem, projects: Sequence[Project], store: Store) -> bool:
    """Tell whether a place that looks like an orphan is a project's that is bound to the same server by another name."""
    place = problem.binding
    if problem.kind != "orphan" or place is None:
        return False
    for each in projects:
        if each.id == problem.project and each.binding.location == place.location:
            return await store.same_server(each.binding.server, place.server)
    return False


def _is_there(project: Project) -> NameTaken:
    """Build the error for a backup of a project that has a record: what to do loses neither of the two."""
    command = "codebase-core projects"
    if project.deleted_at:
        return NameTaken(
            f"project {project.name!r}, of which this is a backup, is deleted", hint=f"{command} restore {project.id}"
        )
    return NameTaken(
        f"project {project.name!r}, of which this is a backup, is there: a project and its backup cannot stand side by side",
        hint=f"to go back to it, keep what is there: {command} backup {project.name} FILE; then {command} purge {project.id}",
    )
