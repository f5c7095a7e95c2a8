"""Tokens for a server's readers: made, renewed and taken away; a secret is shown once and kept by nobody."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from codebase_core_hookspecs import AccessToken, TokenNotFound

from codebase_core.projects.lookup import find_project
from codebase_core.projects.machine import actor
from codebase_core.projects.names import check_name, check_tag

if TYPE_CHECKING:
    from codebase_core_hookspecs import TokenScope

    from codebase_core.engine import Engine

PREFIX = "ccs_"
"""What every secret begins with, so that scanners find one in a place where it should not be."""

_SECRET_BYTES = 32


async def create_token(
    engine: Engine,
    name: str,
    *,
    scope: TokenScope,
    projects: Sequence[str] = (),
    tags: Sequence[str] = (),
    lifetime: timedelta | None = None,
) -> tuple[AccessToken, str]:
    """Make a token for projects by name or id, for tag patterns, or for all projects; return it and its secret.

    Raises NameTaken, IllegalName or ProjectNotFound.
    """
    registry = await engine.registry()
    secret, now = _secret(), datetime.now(UTC)
    token = AccessToken(
        id=uuid4(),
        name=check_name(name),
        digest=digest(secret),
        scope=scope,
        projects=frozenset([(await find_project(registry, each)).id for each in projects]),
        tags=frozenset(map(check_tag, tags)),
        created_at=now,
        expires_at=now + lifetime if lifetime is not None else None,
    )
    await registry.add_token(token, actor=actor())
    return token, secret


async def rotate_token(engine: Engine, name: str, *, lifetime: timedelta | None = None) -> tuple[AccessToken, str]:
    """Give a token a new secret, and a new lifetime, by default one as long as before; the old secret is nobody's at once."""
    old = await find_token(engine, name)
    secret, now = _secret(), datetime.now(UTC)
    if lifetime is None and old.expires_at is not None:
        lifetime = old.expires_at - old.created_at
    expires = now + lifetime if lifetime is not None else None
    token = replace(old, id=uuid4(), digest=digest(secret), created_at=now, expires_at=expires)
    await (await engine.registry()).add_token(token, actor=actor(), replaces=old.id)
    return token, secret


async def revoke_token(engine: Engine, name: str) -> AccessToken:
    """Take a token away; raise TokenNotFound."""
    token = await find_token(engine, name)
    await (await engine.registry()).remove_token(token.id, actor=actor())
    return token


async def find_token(engine: Engine, name: str) -> AccessToken:
    """Return a token by name; raise TokenNotFound."""
    for token in await (await engine.registry()).tokens():
        if token.name.casefold() == name.casefold():
            return token
    raise TokenNotFound(f"no token is called {name!r}", hint="codebase-core tokens list")


def digest(secret: str) -> str:
    """Return what is kept of a secret: it is random and long, so that one hash without salt is enough."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def _secret() -> str:
    return PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
