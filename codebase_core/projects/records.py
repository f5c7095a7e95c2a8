"""Changes of project records: each is read, altered and stored if nobody else changed it meanwhile, else repeated."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import ProjectPage, ProjectQuery

from codebase_core.errors import ProjectNotFound, VersionConflict

from .active import active_project, use
from .export import Imported, exported, imported
from .freed import take_back
from .gone import without_folders
from .lookup import deleted_called, ids_of
from .machine import actor, machine_id
from .names import check_metadata, check_name, check_tag, check_text

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import AuditEntry, Project, Registry

_PATIENCE_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 1.0
"""Seconds. Each conflict doubles the pause, so that fifty processes that change one record all come through."""


class Records:
    """Find and change records. Safe from several tasks, threads (one each) and processes: no change is lost."""

    def __init__(self, registry: Registry, *, home: Path) -> None:
        self._registry = registry
        self._home = home

    async def page(self, query: ProjectQuery = ProjectQuery()) -> ProjectPage:
        """Return the records that a query asks for."""
        return await self._registry.page(query)

    async def everything(self) -> Sequence[Project]:
        """Return all records, deleted ones included."""
        return [*await self._registry.list(), *await self._registry.list(deleted=True)]

    async def history(self, project: UUID | None = None, *, limit: int | None = None) -> Sequence[AuditEntry]:
        """Return who changed what and when, oldest first, of a project or of all."""
        return await self._registry.history(project, limit=limit)

    async def deleted(self, name: str) -> Project:
        """Return a deleted project by id, or by a name that only one deleted project has."""
        found = await deleted_called(self._registry, name)
        if len(found) == 1:
            return found[0]
        if found:
            raise ProjectNotFound(
                f"several deleted projects are called {name!r}", hint=f"name one by its id: {ids_of(found)}"
            )
        raise ProjectNotFound(f"no deleted project is called {name!r}", hint="codebase-core projects list --deleted")

    async def rename(self, project: Project, name: str) -> Project:
        """Give a project another name; its database or schema keeps its own. Raises NameTaken or IllegalName."""
        check_name(name)
        return await self.change(project.id, lambda current: replace(current, name=name), action="rename")

    async def describe(
        self, project: Project, *, description: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> Project:
        """Set description (empty removes it) and merge metadata, where None removes a key."""
        check_text(description or "", "a description")
        check_metadata(metadata or {})

        def altered(current: Project) -> Project:
            merged = {**current.metadata, **(metadata or {})}
            kept = {key: value for key, value in merged.items() if value is not None}
            text = current.description if description is None else description or None
            return replace(current, description=text, metadata=kept)

        return await self.change(project.id, altered, action="describe")

    async def tag(self, project: Project, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Project:
        """Add and remove tags."""
        added, removed = frozenset(map(check_tag, add)), frozenset(remove)
        return await self.change(
            project.id, lambda current: replace(current, tags=(current.tags | added) - removed), action="tag"
        )

    async def delete(self, project: Project, *, version: int | None = None) -> Project:
        """Hide a project and free its name and folders; its data stays until it is purged.

        With a ``version`` it must still be at that one, else VersionConflict is raised.
        """
        now = datetime.now(UTC)

        def deleted(current: Project) -> Project:
            check_version(current, version)
            return replace(current, deleted_at=current.deleted_at or now)

        gone = await self.change(project.id, deleted, action="delete")
        self._forget_use(project)
        return gone

    async def restore(self, project: Project) -> Project:
        """Bring a deleted project back with those of its folders that are still free; raise NameTaken if its name is not."""

        def restored(current: Project) -> Project:
            if current.status == "dropping":
                raise ProjectNotFound(
                    f"the data of project {current.name!r} is being dropped", hint="codebase-core projects repair"
                )
            return replace(current, deleted_at=None)

        back = await self.change(project.id, restored, action="restore")
        await take_back(self._registry, project.id, machine=machine_id(self._home))
        return back

    async def without_folders(self) -> list[tuple[Project, list[str]]]:
        """Return the projects whose folders, all on this machine, are gone, each with those folders."""
        return await without_folders(self._registry, machine=machine_id(self._home))

    async def folders(self, project: Project) -> Sequence[str]:
        """Return the folders that a live project has, on any machine."""
        return [each.root for each in await self._registry.all_checkouts() if each.project == project.id]

    async def change(self, project: UUID, alter: Callable[[Project], Project], *, action: str) -> Project:
        """Store what ``alter`` makes of the current record; it is called again when another change came first."""
        until, pause = monotonic() + _PATIENCE_SECONDS, _FIRST_PAUSE
        while True:
            current = await self._registry.get(project)
            if current is None:
                raise ProjectNotFound(f"project {project} is gone", hint="codebase-core projects list")
            altered = alter(current)
            if altered == current:
                return current
            try:
                return await self._registry.update(altered, actor=actor(), action=action)
            except VersionConflict:
                if monotonic() > until:
                    raise
                await asyncio.sleep(pause * random.random())  # noqa: S311 - not a secret
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def exported(self) -> dict[str, Any]:
        """Return all records with their checkouts as JSON."""
        return await exported(self._registry)

    async def imported(self, document: object) -> list[Imported]:
        """Store the records of an export and say what became of each; raise ArchiveUnreadable for anything else."""
        return await imported(self._registry, document)

    def in_use(self, project: Project) -> bool:
        """Tell whether this is the project that ``projects use`` chose."""
        return active_project(self._home) == project.id

    def _forget_use(self, project: Project) -> None:
        if self.in_use(project):
            use(self._home, None)


def check_version(project: Project, version: int | None) -> None:
    """Raise VersionConflict for a record that is at another version; None is any."""
    if version is not None and project.version != version:
        raise VersionConflict(
            f"project {project.name!r} is at version {project.version} and not {version}",
            hint="read it again and repeat the change",
        )
