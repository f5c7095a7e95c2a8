"""Numbered migrations: from the format that a project has to the newest one, expand-only."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING, Literal

from psycopg.sql import SQL, Identifier

from codebase_core_postgres import sql
from codebase_core_postgres.connection.administration import value
from codebase_core_postgres.sql.loader import query, template

if TYPE_CHECKING:
    from codebase_core_postgres.connection.administration import AdminConnection

    from .namespace import Namespace


def numbered(kind: Literal["project", "registry"]) -> Iterator[tuple[int, str]]:
    """Return (number, name of the template) of every migration, in order."""
    folder = resources.files(sql.__name__).joinpath("migrations", kind)
    for name in sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql")):
        yield int(name.partition("_")[0]), f"migrations/{kind}/{name.removesuffix('.sql')}"


def migrate(connection: AdminConnection, namespace: Namespace, *, vector: str) -> None:
    """Apply what a project lacks, each migration in a transaction of its own; concurrent calls wait for each other."""
    for number, name in numbered("project"):
        with connection.transaction():
            if number > value(connection, query("manifest.lock_format", schema=namespace.schema)):
                connection.execute(
                    SQL(template(name)).format(s=Identifier(namespace.schema), v=Identifier(vector), d=SQL("1"))
                )
                connection.execute(query("manifest.set_format", schema=namespace.schema), [number])
