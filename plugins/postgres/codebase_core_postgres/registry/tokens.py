"""Tokens in the registry's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
from codebase_core_hookspecs import AccessToken, NameTaken

from codebase_core_postgres.sql.loader import query

from .rows import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from codebase_core_postgres.connection.pool import Connection

    from .database import RegistryDatabase


async def tokens(database: RegistryDatabase) -> Sequence[AccessToken]:
    """Return the tokens, by name; none where the registry is of a version that had none."""
    return [_token_of(row) for row in await database.fetch(query("tokens.all"))]


async def add(connection: Connection, token: AccessToken) -> None:
    """Store a token; raise NameTaken."""
    try:
        await connection.execute(
            query("tokens.add"),
            token.id,
            token.name,
            name_key(token.name),
            token.digest,
            token.scope,
            sorted(token.projects),
            sorted(token.tags),
            token.created_at,
            token.expires_at,
        )
    except asyncpg.UniqueViolationError as exc:
        raise NameTaken(f"a token called {token.name!r} exists already", hint="choose another name") from exc


async def remove(connection: Connection, token: UUID) -> str | None:
    """Take a token away and return its name; None if it is gone."""
    name: str | None = await connection.fetchval(query("tokens.remove"), token)
    return name


def _token_of(row: asyncpg.Record) -> AccessToken:
    return AccessToken(
        id=row["id"],
        name=row["name"],
        digest=row["digest"],
        scope=row["scope"],
        projects=frozenset(row["projects"]),
        tags=frozenset(row["tags"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )
