"""What a server for many people may ask of the engine: every project by its name or id, files, jobs, and how all of it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from .access import AccessToken, TokenScope
from .answers import Answer, Hit, HitState, JobProgress
from .applications import ASGIApplication, ServiceOf
from .chunking import Symbol
from .embedding import EmbedderIdentity
from .health import Health, HealthCheck
from .projects import AuditEntry, Project, ProjectPage, ProjectQuery
from .requests import SearchRequest, SymbolRequest
from .retrieval import RepositoryState
from .search_service import SearchService


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedHit:
    """A hit, and the name of the project that it is from."""

    project: str
    hit: Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedAnswer:
    """What several projects answered, merged by rank.

    ``answers`` tell of each project what an answer tells beside its hits; ``unavailable`` has the message of each project that
    could not be asked.
    """

    query: str
    answers: Sequence[Answer]
    hits: Sequence[MergedHit]
    unavailable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """A definition of a file, and how many others enclose it."""

    depth: int
    symbol: Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutline:
    """What an indexed file defines, in order. ``version`` changes with the file's content."""

    project: str
    repository: str
    path: str
    language: str | None
    state: HitState
    version: str
    entries: Sequence[OutlineEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """A file as it was indexed, and what it defines."""

    outline: FileOutline
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectEdit:
    """What to change of a record; None leaves it.

    An empty ``description`` removes it; ``tags`` and ``metadata`` are replaced.
    """

    name: str | None = None
    description: str | None = None
    tags: frozenset[str] | None = None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEvent:
    """Something that happened: the ``action`` of the audit trail on a ``project``, or a ``job`` that is further, by its state."""

    kind: Literal["project", "job"]
    at: datetime
    action: str
    project: UUID | None = None
    job: JobProgress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderState:
    """An embedder that is installed: its default model, or why it cannot be used."""

    name: str
    summary: str
    identity: EmbedderIdentity | None = None
    problem: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """What a plugin provides: ``kind`` as in ``store`` or ``embedder``."""

    kind: str
    name: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginState:
    """An entry point and what became of it."""

    name: str
    status: Literal["active", "disabled", "failed", "shadowed"]
    distribution: str
    version: str
    error: str | None = None
    provides: Sequence[Provided] = ()


class TeamService(SearchService, Protocol):
    """The engine as a server for a team sees it. A ``project`` is given by name or id; ProjectNotFound is raised for others."""

    async def search_projects(self, request: SearchRequest | SymbolRequest, *, projects: Sequence[str]) -> MergedAnswer:
        """Ask several projects and merge what they answer; raise what stops them if none can answer."""
        ...

    async def file(self, path: str, *, project: str, repository: str | None = None) -> FileText:
        """Return a file as it was indexed; raise FileNotIndexed.

        Without ``repository`` the path may begin with a repository's name, or be the file's place on this machine.
        """
        ...

    async def project(self, name: str) -> Project:
        """Return the record of a live project."""
        ...

    async def project_page(self, query: ProjectQuery) -> ProjectPage:
        """Return the records that a query asks for; raise CursorInvalid for a cursor of another query."""
        ...

    async def history(self, project: UUID | None = None, *, limit: int) -> Sequence[AuditEntry]:
        """Return the newest entries of the audit trail, oldest first, of a project or of all."""
        ...

    async def repositories(self, project: str) -> Sequence[RepositoryState]:
        """Return the repositories of a project and how fresh their indexes are, without looking at their trees."""
        ...

    async def start_job(self, project: str, *, repository: str | None = None, force: bool = False) -> JobProgress:
        """Start a job that indexes a repository of a project, or find the one that does.

        Raises InvalidRequest where the project has several and none is named, or where the repository is not on this machine.
        """
        ...

    async def cancel_job(self, id: str) -> bool:
        """Ask a job to stop, and return whether it was running; raise JobNotFound."""
        ...

    async def create_project(
        self,
        name: str,
        *,
        principal: str,
        description: str | None = None,
        tags: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> Project:
        """Create a project without a folder; the audit trail names the ``principal``. Raises NameTaken or InvalidRequest."""
        ...

    async def edit_project(self, project: UUID, edit: ProjectEdit, *, version: int, principal: str) -> Project:
        """Change a record that is still at a version; raise VersionConflict, NameTaken, InvalidRequest."""
        ...

    async def delete_project(self, project: UUID, *, version: int, principal: str) -> Project:
        """Hide a project that is still at a version, and free its name and folders; its data stays."""
        ...

    async def deleted_project(self, project: UUID) -> Project:
        """Return the record of a deleted project; raise ProjectNotFound."""
        ...

    async def restore_project(self, project: UUID, *, principal: str) -> Project:
        """Bring a deleted project back; raise ProjectNotFound, or NameTaken if its name is not free any more."""
        ...

    async def jobs(self) -> Sequence[JobProgress]:
        """Return the jobs of this account, newest first."""
        ...

    def applications(
        self, service_of: ServiceOf
    ) -> Mapping[str, Callable[[], AbstractAsyncContextManager[ASGIApplication]]]:
        """Return what plugins bring to be mounted: by name, a function that imports it and returns what is to be entered."""
        ...

    def events(self) -> AsyncIterator[TeamEvent | None]:
        """Yield what happens from now on, and None every second or so in which nothing did."""
        ...

    async def embedders(self) -> Sequence[EmbedderState]:
        """Open the default model of every embedder that is installed, fetching nothing."""
        ...

    async def plugins(self) -> Sequence[PluginState]:
        """Return what is installed and what became of it."""
        ...

    async def tokens(self) -> Sequence[AccessToken]:
        """Return the tokens of this installation, by name; those that have expired as well."""
        ...

    async def create_token(
        self,
        name: str,
        *,
        scope: TokenScope,
        projects: Sequence[str] = (),
        tags: Sequence[str] = (),
        lifetime: timedelta | None = None,
    ) -> tuple[AccessToken, str]:
        """Make a token for these projects, for those with such tags, or for all; return it and its secret, kept by nobody."""
        ...

    async def rotate_token(self, name: str, *, lifetime: timedelta | None = None) -> tuple[AccessToken, str]:
        """Give a token a new secret, for as long again if no lifetime is given; raise TokenNotFound."""
        ...

    async def revoke_token(self, name: str) -> AccessToken:
        """Take a token away; raise TokenNotFound."""
        ...

    async def ready(self) -> HealthCheck:
        """Say whether the registry answers, without which nothing else can."""
        ...

    async def health(self) -> Health:
        """Look at registry, servers, embedder and jobs, one after the other; no error is raised for what does not answer."""
        ...
