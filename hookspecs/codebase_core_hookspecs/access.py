"""Who may ask a server: tokens, of which a registry keeps a digest and never the secret."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Literal
from uuid import UUID

TokenScope = Literal["search", "index", "admin"]
"""What a token is for; each is wider than the one before: to search and read, to start and cancel jobs, to change projects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token of the principal ``name``; ``digest`` is the SHA-256 of its secret, in hexadecimal.

    It is for the projects with these ids, and for those with a tag that one of the patterns ``tags`` matches (``team-*``, as a
    shell has them, case counts); without either it is for every project.
    """

    id: UUID
    name: str
    digest: str
    scope: TokenScope
    created_at: datetime
    projects: frozenset[UUID] = frozenset()
    tags: frozenset[str] = frozenset()
    expires_at: datetime | None = None

    @property
    def unrestricted(self) -> bool:
        """Whether it is for every project."""
        return not self.projects and not self.tags

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)

    def covers(self, project: UUID, tags: Collection[str]) -> bool:
        """Whether it is for the project with this id and these tags."""
        return self.unrestricted or project in self.projects or self.matches(tags)

    def matches(self, tags: Collection[str]) -> bool:
        """Whether one of the patterns matches one of these tags."""
        return any(fnmatchcase(tag, pattern) for tag in tags for pattern in self.tags)
