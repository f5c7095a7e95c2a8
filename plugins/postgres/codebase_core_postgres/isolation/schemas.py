"""Schemas of projects: dropped with their mark alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_postgres.project.namespace import mark_next, owner
from codebase_core_postgres.project.provisioning import drop_schema, lock_schema, schema_comment

from .ownership import not_owned

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_postgres.connection.administration import AdminConnection
    from codebase_core_postgres.project.namespace import Namespace


def remove_schema(connection: AdminConnection, namespace: Namespace, project: UUID) -> None:
    """Drop a project's schema with everything in it, and an unfinished next generation's; raise NotOwned without its mark."""
    with connection.transaction():
        lock_schema(connection, namespace.schema)
        found, comment = schema_comment(connection, namespace.schema)
        if found and owner(comment) != project:
            raise not_owned(f"schema {namespace.schema!r} in database {namespace.database!r}", project)
        _, comment = schema_comment(connection, namespace.next.schema)
        if comment == mark_next(project):
            drop_schema(connection, namespace.next.schema)
        drop_schema(connection, namespace.schema)
