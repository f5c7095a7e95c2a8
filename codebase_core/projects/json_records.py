"""Records of the registry as JSON, for files that people read and other programs write: what is read is checked by the models."""

from __future__ import annotations

from typing import Any, Literal, Self
from uuid import UUID

from codebase_core_hookspecs import AccessToken, AuditEntry, Binding, Checkout, Project
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError


class _Record(BaseModel):
    """A record of one kind. Unknown fields are left out: a newer version may have added them."""

    model_config = ConfigDict(frozen=True)

    def as_json(self) -> dict[str, Any]:
        """Return the object that is written: ids and times as text."""
        return self.model_dump(mode="json")


class ProjectRecord(_Record):
    """A project."""

    id: UUID
    name: str
    status: Literal["provisioning", "active", "dropping", "failed"]
    store: str
    server: str
    location: dict[str, str]
    description: str | None
    tags: list[str]
    metadata: dict[str, Any]
    version: int
    created_at: AwareDatetime
    updated_at: AwareDatetime
    deleted_at: AwareDatetime | None

    @classmethod
    def of(cls, project: Project) -> Self:
        """Return the record of a project."""
        return cls.model_construct(
            id=project.id,
            name=project.name,
            status=project.status,
            store=project.binding.store,
            server=project.binding.server,
            location=dict(project.binding.location),
            description=project.description,
            tags=sorted(project.tags),
            metadata=dict(project.metadata),
            version=project.version,
            created_at=project.created_at,
            updated_at=project.updated_at,
            deleted_at=project.deleted_at,
        )

    def project(self) -> Project:
        """Return the project that it describes."""
        return Project(
            id=self.id,
            name=self.name,
            binding=Binding(store=self.store, server=self.server, location=self.location),
            status=self.status,
            description=self.description,
            tags=frozenset(self.tags),
            metadata=self.metadata,
            version=self.version,
            created_at=self.created_at,
            updated_at=self.updated_at,
            deleted_at=self.deleted_at,
        )


class TokenRecord(_Record):
    """A token; of its secret the digest alone."""

    id: UUID
    name: str
    digest: str
    scope: Literal["search", "index", "admin"]
    projects: list[UUID]
    tags: list[str]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None

    @classmethod
    def of(cls, token: AccessToken) -> Self:
        """Return the record of a token."""
        return cls.model_construct(
            id=token.id,
            name=token.name,
            digest=token.digest,
            scope=token.scope,
            projects=sorted(token.projects),
            tags=sorted(token.tags),
            created_at=token.created_at,
            expires_at=token.expires_at,
        )

    def token(self) -> AccessToken:
        """Return the token that it describes."""
        return AccessToken(
            id=self.id,
            name=self.name,
            digest=self.digest,
            scope=self.scope,
            projects=frozenset(self.projects),
            tags=frozenset(self.tags),
            created_at=self.created_at,
            expires_at=self.expires_at,
        )


class CheckoutRecord(_Record):
    """A checkout; within the record of its project it does not repeat whose it is."""

    machine: UUID
    root: str
    identity: str
    home: bool

    @classmethod
    def of(cls, checkout: Checkout) -> Self:
        """Return the record of a checkout."""
        return cls.model_construct(
            machine=checkout.machine, root=checkout.root, identity=checkout.identity, home=checkout.home
        )

    def checkout(self, project: UUID) -> Checkout:
        """Return the checkout of a project that it describes."""
        return Checkout(project=project, machine=self.machine, root=self.root, identity=self.identity, home=self.home)


class AuditRecord(_Record):
    """An entry of the audit trail."""

    project: UUID
    at: AwareDatetime
    actor: str
    action: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        """Return the record of an entry."""
        return cls.model_construct(
            project=entry.project, at=entry.at, actor=entry.actor, action=entry.action, detail=dict(entry.detail)
        )

    def entry(self) -> AuditEntry:
        """Return the entry that it describes."""
        return AuditEntry(project=self.project, at=self.at, actor=self.actor, action=self.action, detail=self.detail)


def explain_invalid(error: ValidationError) -> str:
    """Return the first field that is wrong, its value, and what is expected."""
    wrong = error.errors(include_url=False)[0]
    expected = wrong["msg"].replace("Input should", "it should").removeprefix("Value error, ")
    field = ".".join(map(str, wrong["loc"]))
    if wrong["type"] == "missing":
        return f"{field} is missing"
    return f"{field} is {wrong['input']!r:.60}: {expected}" if field else expected
