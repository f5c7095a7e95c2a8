"""Make the registry's database and schema: once, by whichever process writes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_hookspecs import ProvisionError
from psycopg import errors, sql

from codebase_core_postgres.connection.administration import value
from codebase_core_postgres.isolation.databases import create_database
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query, template

if TYPE_CHECKING:
    from codebase_core_postgres.connection.administration import AdminConnection

_LOCK = 0x72656769
_TOKENS = "migrations/registry/0002_tokens"
"""What a registry lacks that was made before there were tokens."""


def make_database(connection: AdminConnection, name: str, *, server: str) -> None:
    """Create the database, unless there is one; raise ProvisionError with what an administrator has to run."""
    role = value(connection, query("catalog.role"))
    try:
        create_database(connection, name)
    except errors.InsufficientPrivilege as exc:
        raise _no_database(role, name, server) from exc


def make_schema(connection: AdminConnection, name: str) -> None:
    """Create the tables in the database of this connection that are not there; raise ProvisionError likewise."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock($1)", [_LOCK])
        tables = _tables(connection)
        missing = "registry" if "projects" not in tables else _TOKENS if "tokens" not in tables else None
        if missing is None:
            return
        role = value(connection, query("catalog.role"))
        try:
            connection.execute(sql.SQL(template(missing)).format())
        except errors.InsufficientPrivilege as exc:
            raise _no_schema(role, name) from exc


def missing_database(connection: AdminConnection, name: str, *, server: str) -> ProvisionError | None:
    """Return what keeps this role from creating the database."""
    row = connection.execute(query("checks.create_database")).fetchone()
    return None if row and row["may"] else _no_database(row["role"] if row else "", name, server)


def missing_schema(connection: AdminConnection, name: str) -> ProvisionError | None:
    """Return what keeps this role from creating the tables, None if they are there."""
    row = connection.execute(query("checks.create_schema")).fetchone()
    return None if (row and row["may"]) or _exists(connection) else _no_schema(row["role"] if row else "", name)


def _exists(connection: AdminConnection) -> bool:
    return "projects" in _tables(connection)


def _tables(connection: AdminConnection) -> set[str]:
    return {row["name"] for row in connection.execute(query("catalog.tables"), ["codebase_core"])}


def _no_database(role: str, name: str, server: str) -> ProvisionError:
    statement = f"CREATE DATABASE {quote(name)} OWNER {quote(role)};"
    return ProvisionError(
        f"the registry has no database on server {server!r} and role {role!r} may not create one",
        hint=f"an administrator runs once: {statement} (or set REGISTRY_DATABASE_URL)",
        sql=statement,
    )


def _no_schema(role: str, name: str) -> ProvisionError:
    statement = f"GRANT CREATE ON DATABASE {quote(name)} TO {quote(role)};"
    return ProvisionError(
        f"role {role!r} may not create the registry's schema in database {name!r}",
        hint=f"an administrator runs once: {statement}",
        sql=statement,
    )
