"""What to say of a project that no live record has: it was deleted, or its name is misspelt."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from codebase_core.errors import ProjectNotFound

from .names import as_id

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, Registry


async def missing(registry: Registry, name: str, *, make: str | None = None) -> ProjectNotFound:
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
