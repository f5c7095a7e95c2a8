"""Change a record that somebody has read: all fields at once, and only if nobody else changed it meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core.errors import ProjectNotFound
from codebase_core.projects.names import check_metadata, check_name, check_tag, check_text
from codebase_core.projects.records import check_version

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, ProjectEdit

    from codebase_core.engine import Engine


async def edit_project(engine: Engine, project: UUID, edit: ProjectEdit, *, version: int) -> Project:
    """Return the changed record; raise VersionConflict, NameTaken, IllegalName or IllegalText."""
    if edit.name is not None:
        check_name(edit.name)
    check_text(edit.description or "", "a description")
    tags = None if edit.tags is None else frozenset(map(check_tag, edit.tags))
    metadata = None if edit.metadata is None else check_metadata(edit.metadata)

    def altered(current: Project) -> Project:
        if current.deleted_at is not None:
            raise ProjectNotFound(f"project {current.name!r} is deleted", hint="restore it first")
        check_version(current, version)
        return replace(
            current,
            name=current.name if edit.name is None else edit.name,
            description=current.description if edit.description is None else edit.description or None,
            tags=current.tags if tags is None else tags,
            metadata=current.metadata if metadata is None else metadata,
        )

    return await (await engine.projects()).change(project, altered, action="edit")
