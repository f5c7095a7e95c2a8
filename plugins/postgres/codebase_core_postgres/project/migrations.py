"""Numbered migrations: from the format that a project has to the newest one, expand-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.sql import SQL, Identifier

from codebase_core_postgres.connection.administration import value
from codebase_core_postgres.sql.loader import numbered, query, template

if TYPE_CHECKING:
    from codebase_core_postgres.connection.administration import AdminConnection

    from .namespace import Namespace


def migrate(connection: AdminConnection, namespace: Namespace, *, vector: str) -> None:
    """Apply what a project lacks, each migration in a transaction of its own; concurrent calls wait for each other."""
    for number, name in numbered("project"):
        with connection.transaction():
            if number > value(connection, query("manifest.lock_format", schema=namespace.schema)):
                connection.execute(
                    SQL(template(name)).format(s=Identifier(namespace.schema), v=Identifier(vector), d=SQL("1"))
                )
                connection.execute(query("manifest.set_format", schema=namespace.schema), [number])
