"""Tokens: kept as written without their secret, one of a name, every change in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from codebase_core_hookspecs import AccessToken, NameTaken, Registry

from .base import RegistryKit


class Tokens(RegistryKit):
    """Add, replace, remove."""

    async def test_a_token_comes_back_as_it_was_written(self, registries: Sequence[Registry]) -> None:
        """In every process, until it is removed; one that has expired as well."""
        one, other = registries
        wide, narrow = token("wide"), token("Narrow", projects=2, tags=("team-*", "a"), expires=-1)
        for each in (wide, narrow):
            await one.add_token(each, actor="me@here")
        assert list(await other.tokens()) == [narrow, wide]
        await other.remove_token(wide.id, actor="me@here")
        assert list(await one.tokens()) == [narrow]
        await other.remove_token(wide.id, actor="me@here")

    async def test_two_tokens_have_two_names(self, registry: Registry) -> None:
        """Whatever the case; unless one takes the place of the other."""
        first, second = token("ci"), token("CI", projects=1)
        await registry.add_token(first, actor="me@here")
        with pytest.raises(NameTaken):
            await registry.add_token(second, actor="me@here")
        assert list(await registry.tokens()) == [first]
        await registry.add_token(second, actor="me@here", replaces=first.id)
        assert list(await registry.tokens()) == [second]

    async def test_the_trail_tells_of_tokens_and_not_their_digests(self, registry: Registry) -> None:
        """Who made and who removed which."""
        made = token("ci", projects=1)
        await registry.add_token(made, actor="ada@here")
        await registry.remove_token(made.id, actor="bob@there")
        trail = await registry.history(made.id)
        assert [(entry.actor, entry.detail["name"]) for entry in trail] == [("ada@here", "ci"), ("bob@there", "ci")]
        assert made.digest not in str(trail)


def token(name: str, *, projects: int = 0, tags: Sequence[str] = (), expires: float | None = None) -> AccessToken:
    """Return a token for so many projects; it expires after so many days."""
    now = datetime.now(UTC)
    return AccessToken(
        id=uuid4(),
        name=name,
        digest=uuid4().hex * 2,
        scope="search",
        projects=frozenset(uuid4() for _ in range(projects)),
        tags=frozenset(tags),
        created_at=now,
        expires_at=now + timedelta(days=expires) if expires is not None else None,
    )
