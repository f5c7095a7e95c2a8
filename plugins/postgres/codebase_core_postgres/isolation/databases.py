"""Databases of projects: created by one of several processes that want to, marked, dropped with their mark alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from codebase_core_hookspecs import ProvisionError
from psycopg import errors, sql

from codebase_core_postgres.connection.administration import value
from codebase_core_postgres.project.namespace import mark, owner
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

from .ownership import not_owned

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_postgres.connection.administration import AdminConnection

_ATTEMPTS = 20
_WAIT_SECONDS = 0.05

# A race on one name ends in either of the first two; the third while anybody is connected to the template.
_ALREADY = (errors.DuplicateDatabase, errors.UniqueViolation)


def create_database(connection: AdminConnection, name: str, *, owner_role: str | None = None) -> bool:
    """Create a database, or return False if there is one with this name; raises InsufficientPrivilege as it comes."""
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if owner_role is not None:
        statement += sql.SQL(" OWNER {}").format(sql.Identifier(owner_role))
    for attempt in range(_ATTEMPTS):
        try:
            connection.execute(statement)
        except _ALREADY:
            return False
        except errors.ObjectInUse:
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_WAIT_SECONDS)
        else:
            return True
    raise AssertionError("the last attempt returns or raises")


def claim(connection: AdminConnection, name: str, project: UUID, *, server: str, owner_role: str | None) -> bool:
    """Create a database and mark it as a project's; False if there is one without a mark. Raise NotOwned for another's."""
    found, comment = comment_of(connection, name)
    if not found and _create(connection, name, server=server, owner_role=owner_role):
        set_mark(connection, name, project)
        return True
    if comment is not None and owner(comment) != project:
        raise not_owned(f"database {name!r}", project)
    return comment is not None  # else somebody else may have been faster, with a database of the same name


def check_empty(connection: AdminConnection, name: str, project: UUID) -> None:
    """Raise NotOwned for the database of this connection if it holds anything and was not marked meanwhile."""
    relations = value(connection, query("catalog.relations"))
    _, comment = comment_of(connection, name)
    if relations and owner(comment) != project:  # else another process has made it meanwhile
        raise not_owned(f"database {name!r}", project)


def set_mark(connection: AdminConnection, name: str, project: UUID) -> None:
    """Write a project's mark on a database."""
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(mark(project))))


def is_removable(connection: AdminConnection, name: str, project: UUID) -> bool | None:
    """Tell whether a database has the project's mark: None if there is no such database. Raise NotOwned for another mark."""
    found, comment = comment_of(connection, name)
    if not found:
        return None
    if comment is not None and owner(comment) != project:
        raise not_owned(f"database {name!r}", project)
    return comment is not None


def drop_database(connection: AdminConnection, name: str) -> None:
    """Drop a database, also under connections that are still open."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def comment_of(connection: AdminConnection, name: str) -> tuple[bool, str | None]:
    """Return whether a database exists, and its COMMENT."""
    row = connection.execute(query("catalog.database"), [name]).fetchone()
    return row is not None, row["comment"] if row else None


def _create(connection: AdminConnection, name: str, *, server: str, owner_role: str | None) -> bool:
    role = value(connection, query("catalog.role"))
    try:
        return create_database(connection, name, owner_role=owner_role)
    except errors.InsufficientPrivilege as exc:
        statement = f"ALTER ROLE {quote(role)} CREATEDB;"
        raise ProvisionError(
            f"role {role!r} may not create databases on server {server!r}",
            hint=f"an administrator runs once: {statement} (or use --store postgres-schema)",
            sql=statement,
        ) from exc
