"""Find a project by name or id; build the error for an unknown or deleted one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from codebase_core.errors import ProjectNotFound

from .names import as_id, check_name

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, Registry


async def find_project(registry: Registry, name: str) -> Project:
    """Return a live project by name or id; raise ProjectNotFound."""
    id = as_id(name)
    project = await registry.get(id) if id is not None else await registry.find(check_name(name))
    if project is None or project.deleted_at is not None:
        raise await unknown_project(registry, name)
    return project


async def find_any_project(registry: Registry, name: str) -> Project:
    """Return a project by name or id, a deleted one by its id only; raise ProjectNotFound."""
    id = as_id(name)
    project = await registry.get(id) if id is not None else None
    return project or await find_project(registry, name)


async def unknown_project(registry: Registry, name: str, *, make: str | None = None) -> ProjectNotFound:
    """Return the error for a name or id; ``make`` is the command that would make a project of this name."""
    gone = await deleted_called(registry, name)
    if gone:
        hint = f"codebase-core projects restore, show, history and purge take its id: {ids_of(gone)}"
        return ProjectNotFound(f"project {name!r} is deleted", hint=hint)
    near = get_close_matches(name, [project.name for project in await registry.list()], n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    made = f", or make it: {make}" if make is not None else ""
    return ProjectNotFound(f"project {name!r} does not exist{meant}", hint=f"codebase-core projects list{made}")


async def deleted_called(registry: Registry, name: str) -> Sequence[Project]:
    """Return the deleted projects of a name or id."""
    id, key = as_id(name), name.casefold()
    gone = await registry.list(deleted=True)
    return [each for each in gone if (each.id == id if id is not None else each.name.casefold() == key)]


def ids_of(projects: Sequence[Project]) -> str:
    """Return the ids, for a hint."""
    return ", ".join(str(each.id) for each in projects)
