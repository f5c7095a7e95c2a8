"""Who asks: the principal of a token, the sessions of browsers, and what each may see."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import AccessToken, Project, TokenScope

SESSION_SECONDS = 12 * 3600.0
_MOST_SESSIONS = 10_000
_RANKS: Mapping[TokenScope, int] = {"search": 0, "index": 1, "admin": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody with a token; ``token`` is None for the owner of the server, who may everything."""

    name: str
    token: AccessToken | None = None

    @property
    def unrestricted(self) -> bool:
        """Whether every project may be seen."""
        return self.token is None or self.token.unrestricted

    def sees(self, project: Project) -> bool:
        """Whether a project exists for this principal."""
        return self.token is None or self.token.covers(project.id, project.tags)

    def may_have(self, tags: Collection[str]) -> bool:
        """Whether a new project with these tags would be seen by whoever makes it."""
        return self.unrestricted or (self.token is not None and self.token.matches(tags))

    def may(self, scope: TokenScope) -> bool:
        """Whether the principal's scope is as wide as this one."""
        return self.token is None or _RANKS[self.token.scope] >= _RANKS[scope]


@dataclass(slots=True)
class Principals:
    """Finds the principal of a request. Secrets are compared by their digests; a session is worth its token, for half a day."""

    owner: str
    tokens: Callable[[], Awaitable[Sequence[AccessToken]]]
    _sessions: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)

    async def of_token(self, secret: str) -> Principal | None:
        """Return whose token it is; None if it is nobody's, or its time is over."""
        given = digest(secret)
        if secrets.compare_digest(given, digest(self.owner)):
            return Principal(name="owner")
        for token in await self.tokens():
            if secrets.compare_digest(given, token.digest) and not token.expired:
                return Principal(name=token.name, token=token)
        return None

    async def of_session(self, session: str) -> Principal | None:
        """Return who is logged in by a cookie; the token must still be somebody's."""
        secret, until = self._sessions.get(digest(session), ("", 0.0))
        return await self.of_token(secret) if monotonic() < until else None

    def begin(self, secret: str) -> str:
        """Return the cookie of a new session."""
        session = secrets.token_urlsafe(32)
        self._sessions[digest(session)] = (secret, monotonic() + SESSION_SECONDS)
        while len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def end(self, session: str) -> None:
        """Forget a session."""
        self._sessions.pop(digest(session), None)


def digest(secret: str) -> str:
    """Return what is kept and compared of a secret that is random and long: one hash, no salt."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
