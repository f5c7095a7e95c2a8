"""Make a project's tables in its namespace: once, whatever was interrupted before and whoever does it at the same time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import asyncpg
from codebase_core_hookspecs import NotOwned, ProvisionError

from codebase_core_postgres.isolation.strategies import schema_comment
from codebase_core_postgres.sql.identifiers import literal, quote
from codebase_core_postgres.sql.loader import statement

from .namespace import Namespace, mark, owner
from .tables import tables

if TYPE_CHECKING:
    from codebase_core_hookspecs import Manifest

    from codebase_core_postgres.connection.pool import Connection

FORMAT = 2
"""The format of the tables that this version writes: the number of the newest migration."""

MIN_READER = 1
"""The oldest format whose readers can still read what this version writes."""

LOCK = 0x636F6465
"""Key of the advisory lock under which a database's extension and schemas are made."""

_INLINE_BYTES = 1_900
"""A row wider than about 2 kB is moved out of line unless told otherwise, and then scans six times slower."""


async def provision(connection: Connection, namespace: Namespace, manifest: Manifest, *, marked: bool) -> None:
    """Create schema, tables and manifest in one transaction; nothing is done if they are there and this project's.

    ``marked`` says that the database as a whole already carries the project's mark.
    """
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        found, comment = await schema_comment(connection, namespace.schema)
        ours = owner(comment) == manifest.project
        if ours and await is_whole(connection, namespace.schema):
            return
        if found and not ours and not marked:
            raise NotOwned(
                f"schema {namespace.schema!r} in database {namespace.database!r} is not marked as project {manifest.project}'s",
                hint="codebase-core projects verify",
            )
        if ours:  # tables were lost; what is left of an index is worth nothing
            await connection.execute(f"DROP SCHEMA {quote(namespace.schema)} CASCADE")
        await make(connection, namespace, manifest, comment=mark(manifest.project))


async def make(connection: Connection, namespace: Namespace, manifest: Manifest, *, comment: str) -> None:
    """Create schema, tables and manifest; runs in the caller's transaction, which holds the lock."""
    vector = await ensure_vector(connection, namespace.database)
    role = await connection.fetchval("SELECT current_user")
    try:
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(namespace.schema)}")
    except asyncpg.InsufficientPrivilegeError as exc:
        sql = f"GRANT CREATE ON DATABASE {quote(namespace.database)} TO {quote(role)};"
        raise ProvisionError(
            f"role {role!r} may not create schemas in database {namespace.database!r}",
            hint=f"an administrator runs once: {sql}",
            sql=sql,
        ) from exc
    dimensions = manifest.embedder.dimensions if manifest.embedder is not None else 1
    await connection.execute(statement("project", schema=namespace.schema, vector=vector, dimensions=dimensions))
    if dimensions * 2 > _INLINE_BYTES:
        await _keep_inline(connection, namespace)
    await _insert_manifest(connection, namespace, manifest)
    await connection.execute(f"COMMENT ON SCHEMA {quote(namespace.schema)} IS{literal(comment)}")


async def with_vector(connection: Connection, namespace: Namespace) -> None:
    """Install pgvector if need be, one process at a time."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await ensure_vector(connection, namespace.database)


async def is_whole(connection: Connection, schema: str) -> bool:
    """Tell whether all tables of a project and its manifest are there."""
    rows = await connection.fetch("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = $1", schema)
    if set(tables()) - {row["tablename"] for row in rows}:
        return False
    return bool(await connection.fetchval(f"SELECT EXISTS (SELECT FROM {quote(schema)}.manifest)"))


async def vector_schema(connection: Connection) -> str | None:
    """Return the schema that pgvector is installed in, None if this database lacks it."""
    found: str | None = await connection.fetchval(
        "SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'vector'"
    )
    return found


async def ensure_vector(connection: Connection, database: str) -> str:
    """Install pgvector if need be and return its schema; raise ProvisionError with what an administrator has to run."""
    found = await vector_schema(connection)
    if found is not None:
        return found
    where = "template1" if database.startswith("cb_proj_") else database
    sql = f"\\c {quote(where)}\nCREATE EXTENSION vector;"
    try:
        async with connection.transaction():
            await connection.execute("CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public")
    except asyncpg.InsufficientPrivilegeError as exc:
        raise ProvisionError(
            f"pgvector is not installed in database {database!r} and this role may not install it",
            hint=f"an administrator runs once, in database {where}: CREATE EXTENSION vector;",
            sql=sql,
        ) from exc
    except (asyncpg.UndefinedFileError, asyncpg.FeatureNotSupportedError) as exc:
        raise ProvisionError(
            "this server has no pgvector",
            hint="install pgvector 0.8 or newer on it: https://github.com/pgvector/pgvector#installation",
        ) from exc
    return "public"


async def _keep_inline(connection: Connection, namespace: Namespace) -> None:
    try:
        async with connection.transaction():
            await connection.execute(
                f"ALTER TABLE {quote(namespace.schema)}.chunk_embeddings ALTER embedding SET STORAGE PLAIN"
            )
    except asyncpg.FeatureNotSupportedError:
        return  # Citus refuses it for distributed tables; searching is slower, not wrong


async def _insert_manifest(connection: Connection, namespace: Namespace, manifest: Manifest) -> None:
    embedder = manifest.embedder
    identity = None if embedder is None else {
        "plugin": embedder.plugin,
        "model": embedder.model,
        "revision": embedder.revision,
        "dimensions": embedder.dimensions,
    }  # fmt: skip
    await connection.execute(
        f"INSERT INTO {quote(namespace.schema)}.manifest (project_id, generation, format, min_reader, tokenizer, field_lengths, "
        "embedder, embedder_options) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        manifest.project,
        manifest.generation,
        FORMAT,
        MIN_READER,
        manifest.tokenizer,
        json.dumps(dict(manifest.field_lengths)),
        json.dumps(identity) if identity else None,
        json.dumps(dict(manifest.embedder_options)),
    )
