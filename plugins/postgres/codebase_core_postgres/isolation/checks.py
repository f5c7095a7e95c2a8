"""What a server must offer before a project can be made on it, each lack with the statement that fixes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from codebase_core_hookspecs import CodebaseCoreError, Problem

from codebase_core_postgres.connection.administration import connect, value
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query

if TYPE_CHECKING:
    from codebase_core_postgres.connection.address import Address
    from codebase_core_postgres.connection.administration import AdminConnection
    from codebase_core_postgres.connection.servers import Servers

MIN_SERVER = 150_000
"""The oldest that the tests run on; 14 has no maintainers since November 2026."""

MIN_VECTOR = (0, 8)


async def check_server(server: str, servers: Servers, *, own_database: bool) -> Sequence[Problem]:
    """Return what is wrong with a server for one isolation strategy; empty when projects can be made there."""
    try:
        pool = await servers.get(server, admin=own_database)
        address = pool.address
        return await pool.administer(
            address.database,
            lambda connection: [
                *_lacks(connection, address, own_database=own_database),
                *_crowded(connection, server, pool.limit.size),
            ],
        )
    except CodebaseCoreError as exc:
        return [
            Problem(
                kind="server",
                where=f"server {server}",
                message=exc.message,
                command=exc.hint,
                sql=getattr(exc, "sql", None),
            )
        ]


def _lacks(connection: AdminConnection, address: Address, *, own_database: bool) -> list[Problem]:
    row = connection.execute(query("checks.server")).fetchone()
    assert row is not None  # noqa: S101 - a session has a role
    role, database, where = row["role"], address.database, f"server {address.server}"
    found: list[Problem] = []

    def lacks(message: str, *, sql: str | None = None) -> None:
        found.append(Problem(kind="rights" if sql else "server", where=where, message=message, sql=sql))

    if row["version"] < MIN_SERVER:
        lacks(f"PostgreSQL {row['version'] // 10_000} is too old: 15 or newer is needed")
    version = row["vector"] or row["available"]
    if version is None:
        lacks("pgvector is not installed on the server's machine: https://github.com/pgvector/pgvector#installation")
    elif _numbers(version) < MIN_VECTOR:
        lacks(f"pgvector {version} is too old: 0.8 or newer is needed", sql="ALTER EXTENSION vector UPDATE;")
    elif not row["super"] and not row["trusted"] and own_database and not _template_has_vector(address):
        lacks(
            f"role {role!r} may not install pgvector into new databases", sql="\\c template1\nCREATE EXTENSION vector;"
        )
    elif not row["super"] and not row["trusted"] and not own_database and row["vector"] is None:
        lacks(f"database {database!r} has no pgvector", sql=f"\\c {quote(database)}\nCREATE EXTENSION vector;")
    if own_database and not row["createdb"]:
        lacks(f"role {role!r} may not create databases", sql=f"ALTER ROLE {quote(role)} CREATEDB;")
    if not own_database and not row["creates"]:
        sql = f"GRANT CREATE ON DATABASE {quote(database)} TO {quote(role)};"
        lacks(f"role {role!r} may not create schemas in database {database!r}", sql=sql)
    return found


def _crowded(connection: AdminConnection, server: str, size: int) -> list[Problem]:
    """Return the problem of a limit above what the server allows."""
    room: int = value(connection, query("checks.connections"))
    if size <= room:
        return []
    message = f"POOL_MAX_SIZE is {size}, and the server gives this role {room} connections at most"
    return [
        Problem(kind="setting", where=f"server {server}", message=message, command=f"set POOL_MAX_SIZE={room // 2}")
    ]


def _template_has_vector(address: Address) -> bool:
    """Tell whether new databases get pgvector from template1.

    The connection is closed at once: while one is open, nobody can create a database.
    """
    with closing(connect(address, "template1")) as connection:
        return value(connection, query("catalog.vector_schema")) is not None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
