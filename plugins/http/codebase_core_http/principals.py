"""Who asks: the principal of a token, the sessions of browsers, and what each may see."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

Scope = Literal["search", "index", "admin"]

SESSION_SECONDS = 12 * 3600.0
_MOST_SESSIONS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody with a token. ``projects`` are names, compared whatever their case, and ``tags``; None is every project."""

    name: str
    scope: Scope = "search"
    projects: frozenset[str] | None = None
    tags: frozenset[str] = frozenset()

    @property
    def unrestricted(self) -> bool:
        """Whether every project may be seen."""
        return self.projects is None

    def sees(self, project: Project) -> bool:
        """Whether a project exists for this principal."""
        if self.projects is None:
            return True
        return project.name.casefold() in self.projects or bool(self.tags & project.tags)


@dataclass(slots=True)
class Principals:
    """Finds the principal of a request. Tokens are compared by their digests; a session is worth its token, for half a day."""

    owner: str
    _sessions: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)

    async def of_token(self, token: str) -> Principal | None:
        """Return whose token it is; None if it is nobody's."""
        if secrets.compare_digest(digest(token), digest(self.owner)):
            return Principal(name="owner", scope="admin")
        return None

    async def of_session(self, session: str) -> Principal | None:
        """Return who is logged in by a cookie; the token must still be somebody's."""
        token, until = self._sessions.get(digest(session), ("", 0.0))
        return await self.of_token(token) if monotonic() < until else None

    def begin(self, token: str) -> str:
        """Return the cookie of a new session."""
        session = secrets.token_urlsafe(32)
        self._sessions[digest(session)] = (token, monotonic() + SESSION_SECONDS)
        while len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def end(self, session: str) -> None:
        """Forget a session."""
        self._sessions.pop(digest(session), None)


def digest(secret: str) -> str:
    """Return what is kept and compared of a secret that is random and long: one hash, no salt."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
