"""Rows of the registry's tables, and the values of the contract that they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, LiteralString

from codebase_core_hookspecs import AuditEntry, Binding, Checkout, Project

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg
    from codebase_core_hookspecs import AccessToken

COLUMNS: LiteralString = """
    id, name, description, store, server, location, status, tags, metadata, version, created_at, updated_at, deleted_at
"""
"""What ``project_of`` reads."""


def changeable(project: Project) -> Sequence[object]:
    """Return what a change of a record may touch, in the order of ``registry.create`` and ``registry.update``."""
    return (
        project.name,
        name_key(project.name),
        project.description,
        project.binding.store,
        project.binding.server,
        json.dumps(dict(project.binding.location)),
        project.status,
        sorted(project.tags),
        json.dumps(dict(project.metadata)),
        project.deleted_at,
    )


def name_key(name: str) -> str:
    """Return what two live projects must not share: the name without regard to case."""
    return name.casefold()


def projects_of(rows: Sequence[asyncpg.Record]) -> list[Project]:
    """Return the records of rows of ``COLUMNS``."""
    return [project_of(row) for row in rows]


def project_of(row: asyncpg.Record) -> Project:
    """Return the record of one row."""
    return Project(
        id=row["id"],
        name=row["name"],
        binding=Binding(store=row["store"], server=row["server"], location=json.loads(row["location"])),
        status=row["status"],
        version=row["version"],
        description=row["description"],
        tags=frozenset(row["tags"]),
        metadata=json.loads(row["metadata"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        deleted_at=row["deleted_at"],
    )


def checkout_of(row: asyncpg.Record) -> Checkout:
    """Return the checkout of a row."""
    return Checkout(
        project=row["project_id"],
        machine=row["machine"],
        root=row["root"],
        identity=row["identity"],
        home=row["home"],
    )


def entry_of(row: asyncpg.Record) -> AuditEntry:
    """Return the entry of a row of the audit trail."""
    return AuditEntry(
        project=row["project_id"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        detail=json.loads(row["detail"]),
    )


def token_detail(token: AccessToken, replaces: UUID | None) -> dict[str, Any]:
    """Return what the trail tells of a new token."""
    return {
        "name": token.name,
        "scope": token.scope,
        "projects": sorted(map(str, token.projects)),
        "tags": sorted(token.tags),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "replaces": str(replaces) if replaces else None,
    }


def changes(old: Project, new: Project) -> dict[str, Any]:
    """Return the fields that differ, each with its value before and after, as JSON."""
    before, after = _fields(old), _fields(new)
    return {key: [before[key], after[key]] for key in before if before[key] != after[key]}


def _fields(project: Project) -> dict[str, Any]:
    return {
        "name": project.name,
        "description": project.description,
        "store": project.binding.store,
        "server": project.binding.server,
        "location": dict(project.binding.location),
        "status": project.status,
        "tags": sorted(project.tags),
        "metadata": dict(project.metadata),
        "deleted_at": project.deleted_at.isoformat() if project.deleted_at else None,
    }
