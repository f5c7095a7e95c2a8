"""A store in memory that can do everything a store may declare."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from codebase_core_hookspecs import (
    Binding,
    Manifest,
    NotOwned,
    NotProvisioned,
    PluginContext,
    Problem,
    Project,
    Run,
    Store,
    StorePlugin,
)

from .index import Index
from .project_store import MemoryProjectStore, Place


class MemoryStore(Store):
    """Places by name."""

    opened = MemoryProjectStore

    def __init__(self, places: dict[str, Place]) -> None:
        self.places = places

    def plan(self, project: UUID, name: str, *, server: str, attempt: int = 0) -> Binding:
        """Name a place after the project; from the second attempt on with its id."""
        place = f"{name}-{project}" if attempt else name
        return Binding(store="memory", server=server, location={"place": place})

    async def provision(self, binding: Binding, manifest: Manifest) -> None:
        """Make a place, unless it is there."""
        place = self.places.setdefault(binding.location["place"], Place(manifest.project, Index(manifest)))
        if place.project != manifest.project:
            raise self.not_owned(binding)

    def owned(self, binding: Binding, project: UUID) -> Place:
        """Return a place that is a project's."""
        place = self.places.get(binding.location["place"])
        if place is None:
            raise NotProvisioned(f"{binding.location['place']!r} is not there", hint="codebase-core projects repair")
        if place.project != project:
            raise self.not_owned(binding)
        return place

    def not_owned(self, binding: Binding) -> NotOwned:
        """Return the error for a place of another project."""
        return NotOwned(f"{binding.location['place']!r} is another project's", hint="codebase-core projects verify")

    async def open(self, binding: Binding, *, project: UUID) -> MemoryProjectStore:
        """Open the current generation."""
        place = self.owned(binding, project)
        return self.opened(place, place.current)

    async def drop(self, binding: Binding, *, project: UUID) -> None:
        """Remove a place."""
        if binding.location["place"] in self.places:
            self.owned(binding, project)
            del self.places[binding.location["place"]]

    async def open_next(self, binding: Binding, manifest: Manifest) -> MemoryProjectStore:
        """Open the next generation, begun anew unless it has this manifest."""
        place = self.owned(binding, manifest.project)
        place.check_free()
        if place.next is None or place.next.manifest != manifest:
            place.next = Index(manifest)
        return self.opened(place, place.next)

    async def unfinished(self, binding: Binding, *, project: UUID) -> Manifest | None:
        """Return what the next generation is made with."""
        begun = self.owned(binding, project).next
        return begun.manifest if begun is not None else None

    async def drop_next(self, binding: Binding, *, project: UUID) -> None:
        """Give the next generation up."""
        place = self.owned(binding, project)
        place.check_free()
        place.next = None

    async def backup(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Write a place to a file."""
        file.write_bytes(pickle.dumps(self.owned(binding, project)))

    async def restore(self, binding: Binding, file: Path, *, project: UUID) -> None:
        """Make a place from a file."""
        if binding.location["place"] in self.places:
            raise self.not_owned(binding)
        self.places[binding.location["place"]] = replace(pickle.loads(file.read_bytes()), project=project)  # noqa: S301

    def moving(self, source: Binding, target: Binding, *, project: UUID) -> AbstractAsyncContextManager[None]:
        """Copy a place; what failed is dropped."""
        return self._moving(source, target, project)

    @asynccontextmanager
    async def _moving(self, source: Binding, target: Binding, project: UUID) -> AsyncIterator[None]:
        place = self.owned(source, project)
        place.check_free()
        if target.location["place"] in self.places:
            raise self.not_owned(target)
        self.places[target.location["place"]] = deepcopy(place)
        place.runs.append(_moving_run(place))
        place.writing = place.runs[-1].id
        try:
            yield
        except BaseException:
            del self.places[target.location["place"]]
            place.writing = None
            place.runs.pop()
            raise

    async def verify(self, server: str, projects: Sequence[Project]) -> Sequence[Problem]:
        """Compare places and projects."""
        known = {project.binding.location["place"]: project for project in projects}
        problems = [
            Problem(
                kind="orphan",
                where=name,
                message=f"{name!r} is marked as that of project {place.project}, which is not bound to it",
                project=place.project,
                repair="drop",
                binding=Binding(store="memory", server=server, location={"place": name}),
            )
            for name, place in self.places.items()
            if name not in known
        ]
        for name, project in known.items():
            if project.status != "active" or name not in self.places:
                problems.append(
                    Problem(
                        kind="missing" if project.status == "active" else "unfinished",
                        where=name,
                        message=f"project {project.name!r} is not whole",
                        project=project.id,
                        repair="forget" if project.status == "dropping" else "provision",
                    )
                )
        return problems


def _moving_run(place: Place) -> Run:
    now = datetime.now(UTC)
    return Run(id=len(place.runs) + 1, repository="", scope=(), commit=None, holder="a move", started_at=now)


_KNOWN: dict[Path, dict[str, Place]] = {}


async def open_memory_store(context: PluginContext) -> MemoryStore:
    """Open the places of a folder, in which nothing is written."""
    return MemoryStore(_KNOWN.setdefault(context.state_dir, {}))


MEMORY_STORE = StorePlugin(
    name="memory",
    summary="Projects in memory",
    open=open_memory_store,
    servers=False,
    supports=frozenset({"dense", "lexical", "symbols", "generations", "shared", "backup", "move", "checkouts"}),
)
