"""Make a project's tables in its namespace: once, whatever was interrupted before and whoever does it at the same time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codebase_core_hookspecs import NotOwned, ProvisionError
from psycopg import errors, sql

from codebase_core_postgres.connection.administration import value
from codebase_core_postgres.sql.identifiers import quote
from codebase_core_postgres.sql.loader import query, template

from .format import FORMAT, MIN_READER
from .namespace import Namespace, mark, mark_next, owner
from .tables import tables

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Manifest

    from codebase_core_postgres.connection.administration import AdminConnection

_LOCK = 0x636F6465
"""Key of the advisory lock under which a database's extension and schemas are made."""

_INLINE_BYTES = 1_900
"""A row wider than about 2 kB is moved out of line unless told otherwise, and then scans six times slower."""


def provision(connection: AdminConnection, namespace: Namespace, manifest: Manifest, *, marked: bool) -> None:
    """Create schema, tables and manifest in one transaction; nothing is done if they are there and this project's.

    ``marked`` says that the database as a whole already carries the project's mark.
    """
    with connection.transaction():
        lock_schema(connection, namespace.schema)
        _lock(connection)
        found, comment = schema_comment(connection, namespace.schema)
        ours = owner(comment) == manifest.project
        if ours and _is_whole(connection, namespace.schema):
            return
        if found and not ours and not marked:
            raise NotOwned(
                f"schema {namespace.schema!r} in database {namespace.database!r} is not marked as project {manifest.project}'s",
                hint="codebase-core projects verify",
            )
        if ours:  # tables were lost; what is left of an index is worth nothing
            drop_schema(connection, namespace.schema)
        _make(connection, namespace, manifest, comment=mark(manifest.project))


def begin_next(connection: AdminConnection, namespace: Namespace, manifest: Manifest) -> None:
    """Make the tables of the next generation anew."""
    with connection.transaction():
        _lock(connection)
        drop_next(connection, namespace, manifest.project)
        _make(connection, namespace.next, manifest, comment=mark_next(manifest.project))


def drop_next(connection: AdminConnection, namespace: Namespace, project: UUID) -> None:
    """Drop the next generation; raise NotOwned if its schema is not marked as this project's."""
    found, comment = schema_comment(connection, namespace.next.schema)
    if found and comment != mark_next(project):
        raise NotOwned(
            f"schema {namespace.next.schema!r} in database {namespace.database!r} is in the way of project {project}'s next "
            "generation and is left alone",
            hint="rename or drop it",
        )
    drop_schema(connection, namespace.next.schema)


def prepare_restore(connection: AdminConnection, namespace: Namespace) -> bool:
    """Install pgvector if need be; return False, having done nothing, if the schema is there."""
    found, _ = schema_comment(connection, namespace.schema)
    if not found:
        with connection.transaction():
            _lock(connection)
            ensure_vector(connection, namespace.database)
    return not found


def lock_schema(connection: AdminConnection, schema: str) -> None:
    """Keep others from making or dropping a schema until the transaction ends: its mark is checked, and then acted upon.

    A lock of its own: a drop may wait long for readers, and meanwhile other projects are made.
    """
    connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", [_LOCK, schema])


def schema_comment(connection: AdminConnection, schema: str) -> tuple[bool, str | None]:
    """Return whether a schema exists, and its COMMENT."""
    row = connection.execute(query("catalog.schema"), [schema]).fetchone()
    return row is not None, row["comment"] if row else None


def drop_schema(connection: AdminConnection, schema: str) -> None:
    """Drop a schema with everything in it, if there is one."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def ensure_vector(connection: AdminConnection, database: str) -> str:
    """Install pgvector if need be and return its schema; raise ProvisionError with what an administrator has to run."""
    found: str | None = value(connection, query("catalog.vector_schema"))
    if found is not None:
        return found
    where = "template1" if database.startswith("cb_proj_") else database
    statement = f"\\c {quote(where)}\nCREATE EXTENSION vector;"
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public")
    except errors.InsufficientPrivilege as exc:
        raise ProvisionError(
            f"pgvector is not installed in database {database!r} and this role may not install it",
            hint=f"an administrator runs once, in database {where}: CREATE EXTENSION vector;",
            sql=statement,
        ) from exc
    except (errors.UndefinedFile, errors.FeatureNotSupported) as exc:
        raise ProvisionError(
            "this server has no pgvector",
            hint="install pgvector 0.8 or newer on it: https://github.com/pgvector/pgvector#installation",
        ) from exc
    return "public"


def _lock(connection: AdminConnection) -> None:
    connection.execute("SELECT pg_advisory_xact_lock($1)", [_LOCK])


def _make(connection: AdminConnection, namespace: Namespace, manifest: Manifest, *, comment: str) -> None:
    """Create schema, tables and manifest; runs in the caller's transaction, which holds the lock."""
    vector = ensure_vector(connection, namespace.database)
    schema = sql.Identifier(namespace.schema)
    _create_schema(connection, namespace)
    dimensions = manifest.embedder.dimensions if manifest.embedder is not None else 1
    connection.execute(
        sql.SQL(template("project")).format(s=schema, v=sql.Identifier(vector), d=sql.Literal(dimensions))
    )
    if dimensions * 2 > _INLINE_BYTES:
        _keep_inline(connection, schema)
    _insert_manifest(connection, namespace, manifest)
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(comment)))


def _create_schema(connection: AdminConnection, namespace: Namespace) -> None:
    role = value(connection, query("catalog.role"))
    try:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(namespace.schema)))
    except errors.InsufficientPrivilege as exc:
        statement = f"GRANT CREATE ON DATABASE {quote(namespace.database)} TO {quote(role)};"
        raise ProvisionError(
            f"role {role!r} may not create schemas in database {namespace.database!r}",
            hint=f"an administrator runs once: {statement}",
            sql=statement,
        ) from exc


def _keep_inline(connection: AdminConnection, schema: sql.Identifier) -> None:
    try:
        with connection.transaction():
            connection.execute(
                sql.SQL("ALTER TABLE {}.chunk_embeddings ALTER embedding SET STORAGE PLAIN").format(schema)
            )
    except errors.FeatureNotSupported:
        return  # Citus refuses it for distributed tables; searching is slower, not wrong


def _is_whole(connection: AdminConnection, schema: str) -> bool:
    """Tell whether all tables of a project and its manifest are there."""
    found = {row["name"] for row in connection.execute(query("catalog.tables"), [schema])}
    if "manifest" not in found:
        return False
    row = connection.execute(query("manifest.format", schema=schema)).fetchone()
    return row is not None and set(tables(row["format"])) <= found


def _insert_manifest(connection: AdminConnection, namespace: Namespace, manifest: Manifest) -> None:
    embedder = manifest.embedder
    identity = None if embedder is None else {
        "plugin": embedder.plugin,
        "model": embedder.model,
        "revision": embedder.revision,
        "dimensions": embedder.dimensions,
    }  # fmt: skip
    connection.execute(
        query("manifest.insert", schema=namespace.schema),
        [
            manifest.project,
            manifest.generation,
            FORMAT,
            MIN_READER,
            manifest.tokenizer,
            json.dumps(dict(manifest.field_lengths)),
            json.dumps(identity) if identity else None,
            json.dumps(dict(manifest.embedder_options)),
        ],
    )
