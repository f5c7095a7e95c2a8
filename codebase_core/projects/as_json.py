"""Records as JSON, for files that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from codebase_core_hookspecs import AuditEntry, Binding, Checkout, Project, from_columns


def project_fields(project: Project) -> dict[str, Any]:
    """Return a project as JSON."""
    return {
        "id": str(project.id),
        "name": project.name,
        "status": project.status,
        "store": project.binding.store,
        "server": project.binding.server,
        "location": dict(project.binding.location),
        "description": project.description,
        "tags": sorted(project.tags),
        "metadata": dict(project.metadata),
        "version": project.version,
        "created_at": project.created_at.isoformat(),
        "updated_at": project.updated_at.isoformat(),
        "deleted_at": project.deleted_at.isoformat() if project.deleted_at else None,
    }


def project_of(fields: Mapping[str, Any]) -> Project:
    """Return the project that JSON describes."""
    deleted_at = fields["deleted_at"]
    return Project(
        id=UUID(fields["id"]),
        name=fields["name"],
        binding=Binding(store=fields["store"], server=fields["server"], location=fields["location"]),
        status=fields["status"],
        description=fields["description"],
        tags=frozenset(fields["tags"]),
        metadata=fields["metadata"],
        version=fields["version"],
        created_at=datetime.fromisoformat(fields["created_at"]),
        updated_at=datetime.fromisoformat(fields["updated_at"]),
        deleted_at=datetime.fromisoformat(deleted_at) if deleted_at else None,
    )


def projects_of(records: Sequence[Mapping[str, Any]]) -> list[Project]:
    """Return the projects that JSON describes: the same as of each, in half the time."""

    def column(name: str) -> list[Any]:
        return [fields[name] for fields in records]

    return from_columns(
        Project,
        id=map(UUID, column("id")),
        name=column("name"),
        binding=from_columns(Binding, store=column("store"), server=column("server"), location=column("location")),
        status=column("status"),
        description=column("description"),
        tags=map(_tags, map(tuple, column("tags"))),
        metadata=column("metadata"),
        version=column("version"),
        created_at=map(datetime.fromisoformat, column("created_at")),
        updated_at=map(datetime.fromisoformat, column("updated_at")),
        deleted_at=[datetime.fromisoformat(at) if at else None for at in column("deleted_at")],
    )


@lru_cache(maxsize=1_000)
def _tags(names: tuple[str, ...]) -> frozenset[str]:
    """Return a set of tags; equal ones, of which there are many, are one."""
    return frozenset(names)


def checkout_fields(checkout: Checkout) -> dict[str, Any]:
    """Return a checkout as JSON."""
    return {
        "project": str(checkout.project),
        "machine": str(checkout.machine),
        "root": checkout.root,
        "identity": checkout.identity,
        "home": checkout.home,
    }


def checkout_of(fields: Mapping[str, Any]) -> Checkout:
    """Return the checkout that JSON describes."""
    return Checkout(
        project=UUID(fields["project"]),
        machine=UUID(fields["machine"]),
        root=fields["root"],
        identity=fields["identity"],
        home=fields["home"],
    )


def entry_fields(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry of the audit trail as JSON."""
    return {
        "project": str(entry.project),
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "detail": dict(entry.detail),
    }


def entry_of(fields: Mapping[str, Any]) -> AuditEntry:
    """Return the entry that JSON describes."""
    return AuditEntry(
        project=UUID(fields["project"]),
        at=datetime.fromisoformat(fields["at"]),
        actor=fields["actor"],
        action=fields["action"],
        detail=fields["detail"],
    )
