"""The record of a project as ``--json`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project


def record_as_dict(project: Project) -> dict[str, Any]:
    """Return what ``--json`` prints of a record."""
    return {
        "name": project.name,
        "id": str(project.id),
        "status": project.status,
        "description": project.description,
        "tags": sorted(project.tags),
        "metadata": dict(project.metadata),
        "store": project.binding.store,
        "server": project.binding.server,
        "location": dict(project.binding.location),
        "created_at": project.created_at.isoformat(),
        "updated_at": project.updated_at.isoformat(),
        "deleted_at": project.deleted_at.isoformat() if project.deleted_at else None,
    }
