"""What a server must offer before a project can be made on it, each lack with the statement that mends it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import asyncpg
from codebase_core_hookspecs import CodebaseCoreError, Problem

from codebase_core_postgres.project.provisioning import vector_schema
from codebase_core_postgres.sql.identifiers import quote

if TYPE_CHECKING:
    from codebase_core_postgres.connection.address import Address
    from codebase_core_postgres.connection.pool import Connection
    from codebase_core_postgres.connection.servers import Servers

MIN_SERVER = 140_000
MIN_VECTOR = (0, 8)


async def check_server(server: str, servers: Servers, *, own_database: bool) -> Sequence[Problem]:
    """Return what is wrong with a server for one isolation strategy; empty when projects can be made there."""
    try:
        pool = await servers.get(server, admin=own_database)
        database = pool.address.database
        async with pool.acquire(database) as connection:
            found = await _lacks(connection, pool.address, own_database=own_database)
            return [*found, *await _crowded(connection, server, pool.limit.size)]
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


async def _lacks(connection: Connection, address: Address, *, own_database: bool) -> list[Problem]:
    row = await connection.fetchrow(
        "SELECT current_setting('server_version_num')::int AS version, current_user AS role, "
        "r.rolcreatedb OR r.rolsuper AS createdb, r.rolsuper AS super, "
        "has_database_privilege(current_database(), 'CREATE') AS creates, "
        "(SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector, "
        "(SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available, "
        "(SELECT coalesce(bool_or(trusted), false) FROM pg_available_extension_versions WHERE name = 'vector') AS trusted "
        "FROM pg_roles AS r WHERE r.rolname = current_user"
    )
    assert row is not None  # noqa: S101 - a session has a role
    role, database, where = row["role"], address.database, f"server {address.server}"
    found: list[Problem] = []

    def lacks(message: str, *, sql: str | None = None) -> None:
        found.append(Problem(kind="rights" if sql else "server", where=where, message=message, sql=sql))

    if row["version"] < MIN_SERVER:
        lacks(f"PostgreSQL {row['version'] // 10_000} is too old: 14 or newer is needed")
    version = row["vector"] or row["available"]
    if version is None:
        lacks("pgvector is not installed on the server's machine: https://github.com/pgvector/pgvector#installation")
    elif _numbers(version) < MIN_VECTOR:
        lacks(f"pgvector {version} is too old: 0.8 or newer is needed", sql="ALTER EXTENSION vector UPDATE;")
    elif not row["super"] and not row["trusted"] and own_database and not await _template_has_vector(address):
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


async def _crowded(connection: Connection, server: str, size: int) -> list[Problem]:
    """Return the problem of a limit above what the server allows."""
    room: int = await connection.fetchval(
        "SELECT least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int, "
        "nullif(rolconnlimit, -1)) FROM pg_roles WHERE rolname = current_user"
    )
    if size <= room:
        return []
    message = f"POOL_MAX_SIZE is {size}, and the server gives this role {room} connections at most"
    return [
        Problem(kind="setting", where=f"server {server}", message=message, command=f"set POOL_MAX_SIZE={room // 2}")
    ]


async def _template_has_vector(address: Address) -> bool:
    """Tell whether new databases get pgvector from template1.

    The connection is closed at once: while one is open, nobody can create a database.
    """
    connection = await asyncpg.connect(**address.arguments, database="template1")
    try:
        return await vector_schema(connection) is not None
    finally:
        await connection.close(timeout=1)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
