"""Projects: resolution, the registry of records, and where each project is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from .binding import Binding
from .errors import undeclared

if TYPE_CHECKING:
    from .access import AccessToken
    from .problems import Problem

ProjectStatus = Literal["provisioning", "active", "dropping", "failed"]

AUDIT_LIMIT = 100_000
"""About as many entries of its audit trail a registry keeps; it may forget older ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a resolver is asked: whose project is the folder ``path`` of the repository ``root``, to read it or to write it."""

    path: Path
    root: Path
    intent: Literal["read", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A resolver's answer: a project's name or id (core looks it up) and the evidence for it.

    With neither it is an absence, and ``evidence`` says what was seen. ``root`` is the folder that it speaks for, if not the
    whole repository. ``confirmed`` is False where somebody else than the user may have written it: core then lets this
    checkout be written only into a project that it belongs to.
    """

    evidence: str
    name: str | None = None
    id: UUID | None = None
    root: Path | None = None
    confirmed: bool = True


class Resolver(Protocol):
    """One way to find the project of a request."""

    async def resolve(self, request: Request) -> Claim | None:
        """Return a claim, or None if it does not know the folder. Raising stops resolution: no lower tier is asked.

        The one exception is ResolverUnavailable: a read goes on with the next tier and says so, a write stops.
        """
        ...

    async def aclose(self) -> None:
        """Release what the resolver holds."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A registry record. Times are UTC-aware; ``version`` counts the changes of the record."""

    id: UUID
    name: str
    binding: Binding
    status: ProjectStatus
    created_at: datetime
    updated_at: datetime
    version: int = 1
    description: str | None = None
    tags: frozenset[str] = frozenset()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectQuery:
    """Which records are asked for, and in which order.

    ``text`` is searched in names, descriptions and tags, whatever the case. Sorted by ``created`` or ``updated`` the newest
    come first, by ``name`` the first by code points of the case-folded name; ``reverse`` turns it round. ``limit`` None
    is all of them. ``cursor`` is a page's, for the same query.
    """

    text: str | None = None
    tags: frozenset[str] = frozenset()
    match: Literal["all", "any"] = "all"
    statuses: frozenset[ProjectStatus] = frozenset()
    deleted: bool = False
    sort: Literal["created", "updated", "name"] = "created"
    reverse: bool = False
    limit: int | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage:
    """Some of the records, and where the next page begins: None after the last one."""

    projects: Sequence[Project]
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A source root on a machine, and the project it belongs to.

    ``identity`` is the normalised origin URL of the repository, else machine and root.
    """

    project: UUID
    machine: UUID
    root: str
    identity: str
    home: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change of a project's record; of a token, whose id then stands for a project's."""

    project: UUID
    at: datetime
    actor: str
    action: str
    detail: Mapping[str, Any] = field(default_factory=dict)


class Registry(Protocol):
    """Where project records live. Every change is durable when the call returns."""

    async def create(self, project: Project, *, actor: str, checkout: Checkout | None = None) -> Project:
        """Store a new record as it is and its first checkout, both or none.

        Raises NameTaken, BindingTaken or CheckoutTaken; NameTaken also where a record has this id.
        """
        ...

    async def get(self, project: UUID) -> Project | None:
        """Return the record with this id, deleted ones included."""
        ...

    async def find(self, name: str) -> Project | None:
        """Return the live record with this name, compared case-insensitively."""
        ...

    async def list(self, *, deleted: bool = False) -> Sequence[Project]:
        """Return live (or only deleted) records, newest first."""
        ...

    async def page(self, query: ProjectQuery) -> ProjectPage:
        """Return the records that a query asks for; raise CursorInvalid for a cursor of another query."""
        ...

    async def update(self, project: Project, *, actor: str, action: str) -> Project:
        """Store a changed record if its version is still current; raise VersionConflict, NameTaken or BindingTaken.

        A record that is deleted gives its checkouts free. Every change is in the audit trail, with the fields that it changed.
        """
        ...

    async def purge(self, project: UUID, *, actor: str) -> None:
        """Remove a record in status ``dropping`` with its checkouts; its audit trail stays."""
        ...

    async def attach(self, checkout: Checkout, *, actor: str) -> None:
        """Record a checkout; raise CheckoutTaken if the folder is at home in another project."""
        ...

    async def detach(self, checkout: Checkout, *, actor: str) -> None:
        """Forget a checkout, whose folder is then free; idempotent. The trail says so."""
        ...

    async def checkouts(
        self, *, machine: UUID, roots: Sequence[str], identity: str | None = None
    ) -> Sequence[Checkout]:
        """Return checkouts of live projects: among these folders of a machine, or with an identity on any machine.

        The longest root comes first, of one root the home.
        """
        ...

    async def all_checkouts(self) -> Sequence[Checkout]:
        """Return every checkout of live projects, by project and root."""
        ...

    async def history(self, project: UUID | None = None, *, limit: int | None = None) -> Sequence[AuditEntry]:
        """Return the audit trail of a project or of all, oldest first; ``limit`` returns only the newest.

        What is older than the registry's newest ``AUDIT_LIMIT`` entries may be forgotten.
        """
        ...

    async def tokens(self) -> Sequence[AccessToken]:
        """Return the tokens, by name; those that have expired as well."""
        return ()

    async def add_token(self, token: AccessToken, *, actor: str, replaces: UUID | None = None) -> None:
        """Store a token, in place of another one if that is named; raise NameTaken, whatever the case.

        The audit trail tells of it, with the token's id for a project's, but of its digest nothing.
        """
        raise undeclared("add_token")

    async def remove_token(self, token: UUID, *, actor: str) -> None:
        """Take a token away; its audit trail stays. A no-op for one that is gone."""
        raise undeclared("remove_token")

    async def check(self) -> Sequence[Problem]:
        """Say what is missing (reachability, rights) before records can be kept."""
        return ()

    async def aclose(self) -> None:
        """Release what the registry holds."""
        return None
