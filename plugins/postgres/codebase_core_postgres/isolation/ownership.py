"""Marks of ownership: which namespaces are projects', and the error for those that are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from codebase_core_hookspecs import NotOwned

from codebase_core_postgres.project.namespace import owner


def owned(namespaces: Iterable[tuple[tuple[str, str], str | None]]) -> Mapping[tuple[str, str], UUID]:
    """Return the namespaces whose COMMENT names a project."""
    return {namespace: project for namespace, comment in namespaces if (project := owner(comment)) is not None}


def not_owned(what: str, project: UUID) -> NotOwned:
    """Return the error for a database or schema that lacks the project's mark."""
    return NotOwned(
        f"{what} is not marked as project {project}'s and is left alone", hint="codebase-core projects verify"
    )
