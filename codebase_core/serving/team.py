"""The engine as a server for a team sees it: every project by name or id, its files, the jobs and the installation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import (
    EmbedderState,
    FileOutline,
    FileText,
    MergedAnswer,
    MergedHit,
    OutlineEntry,
    PluginState,
    Provided,
    Workspace,
)

from codebase_core.errors import FileNotIndexed, IllegalName, InvalidRequest, ProjectNotFound
from codebase_core.operations.edit_project import edit_project
from codebase_core.operations.tokens import create_token, revoke_token, rotate_token
from codebase_core.projects.machine import acting_for
from codebase_core.search.freshness import file_state
from codebase_core.search.outline import outlined

from .examination import examine, registry_answers
from .feed import Feed
from .folder_jobs import progress_of
from .service import LocalSearchService

if TYPE_CHECKING:
    from codebase_core_hookspecs import (
        AccessToken,
        ASGIApplication,
        AuditEntry,
        Descriptor,
        Health,
        HealthCheck,
        JobProgress,
        Project,
        ProjectEdit,
        ProjectPage,
        ProjectQuery,
        RepositoryState,
        SearchRequest,
        ServiceOf,
        StoredFile,
        SymbolRequest,
        TeamEvent,
        TokenScope,
    )

ANYWHERE = Path("/")
"""The folder that a question about a project by its name is asked from."""


@dataclass(slots=True)
class LocalTeamService(LocalSearchService):
    """Implements the contract's TeamService over an application of this process."""

    _feed: Feed = field(init=False)

    def __post_init__(self) -> None:
        LocalSearchService.__post_init__(self)
        self._feed = Feed(self.app, self._jobs)

    async def aclose(self) -> None:
        """Let listeners go, and close the application."""
        await self._feed.aclose()
        await LocalSearchService.aclose(self)

    async def search_projects(self, request: SearchRequest | SymbolRequest, *, projects: Sequence[str]) -> MergedAnswer:
        """Ask several projects and merge what they answer."""
        found = await self.app.search_projects(request, projects=projects)
        return MergedAnswer(
            query=request.query,
            answers=[replace(answer, hits=()) for answer in found.answers],
            hits=[MergedHit(project=each.project, hit=each.hit) for each in found.hits()],
            unavailable=found.unavailable,
        )

    async def file(self, path: str, *, project: str, repository: str | None = None) -> FileText:
        """Return a file as it was indexed."""
        searcher = await self.app.searcher(await self.app.resolve(ANYWHERE, project=project))
        if repository is None:
            state, stored = await searcher.file(path, folder=ANYWHERE)
        else:
            state, stored = await self._exactly(await self.project(project), repository, path)
        outline = FileOutline(
            project=searcher.project.name,
            repository=state.name,
            path=stored.state.path,
            language=stored.language,
            state=file_state(stored.state, state, machine=self.app.machine),
            version=stored.state.content_hash.hex(),
            entries=[OutlineEntry(depth=depth, symbol=symbol) for depth, symbol in outlined(stored)],
        )
        return FileText(outline=outline, text="".join(chunk.text for chunk in stored.chunks))

    async def project(self, name: str) -> Project:
        """Return the record of a live project; a name that no project may have is nobody's."""
        try:
            return await self.app.find(name)
        except IllegalName as exc:
            raise ProjectNotFound(f"{exc.message}, so there is no such project", hint=exc.hint) from exc

    async def project_page(self, query: ProjectQuery) -> ProjectPage:
        """Return the records that a query asks for."""
        return await (await self.app.engine.registry()).page(query)

    async def history(self, project: UUID | None = None, *, limit: int) -> Sequence[AuditEntry]:
        """Return the newest entries of the audit trail."""
        return await (await self.app.engine.registry()).history(project, limit=limit)

    async def repositories(self, project: str) -> Sequence[RepositoryState]:
        """Return the repositories of a project."""
        return await (await self.app.open(await self.project(project))).repositories()

    async def start_job(self, project: str, *, repository: str | None = None, force: bool = False) -> JobProgress:
        """Start a job that indexes a repository of a project: what is indexed already may be indexed again."""
        record = await self.project(project)
        states = {state.name: state for state in await self.repositories(str(record.id))}
        here = [name for name, state in states.items() if state.machine == self.app.machine]
        if repository is None and len(here) == 1:
            (repository,) = here
        if repository not in here:
            raise InvalidRequest(
                f"project {record.name!r} has these repositories on the server's machine: {', '.join(here) or 'none'}",
                hint="name one of them" if here else "index it where its folder is: codebase-core index",
            )
        root = Path(states[repository].root)
        return await self.index(Workspace(folder=root, project=str(record.id), roots=(root,)), force=force)

    async def cancel_job(self, id: str) -> bool:
        """Ask a job to stop, and return whether it was running."""
        return self.app.jobs.cancel(self.app.jobs.get(id))

    async def create_project(
        self,
        name: str,
        *,
        principal: str,
        description: str | None = None,
        tags: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> Project:
        """Create a project without a folder."""
        with acting_for(principal):
            return await self.app.create(name, description=description, tags=tags, metadata=metadata)

    async def edit_project(self, project: UUID, edit: ProjectEdit, *, version: int, principal: str) -> Project:
        """Change a record that is still at a version."""
        with acting_for(principal):
            return await edit_project(self.app.engine, project, edit, version=version)

    async def delete_project(self, project: UUID, *, version: int, principal: str) -> Project:
        """Hide a project that is still at a version."""
        with acting_for(principal):
            return await (await self.app.projects()).delete(await self.app.find(str(project)), version=version)

    async def deleted_project(self, project: UUID) -> Project:
        """Return the record of a deleted project."""
        return await (await self.app.projects()).deleted(str(project))

    async def restore_project(self, project: UUID, *, principal: str) -> Project:
        """Bring a deleted project back."""
        with acting_for(principal):
            return await (await self.app.projects()).restore(await self.deleted_project(project))

    async def jobs(self) -> Sequence[JobProgress]:
        """Return the jobs of this account, newest first; of those that run, how far they are."""
        return [await self._jobs.progress(job) if job.running else progress_of(job) for job in self.app.jobs.list()]

    def applications(
        self, service_of: ServiceOf
    ) -> Mapping[str, Callable[[], AbstractAsyncContextManager[ASGIApplication]]]:
        """Return what plugins bring to be mounted."""
        engine = self.app.engine
        return {
            each.name: partial(each.open, engine.context(each), service_of) for each in engine.plugins.applications()
        }

    def events(self) -> AsyncIterator[TeamEvent | None]:
        """Yield what happens from now on."""
        return self._feed.listen()

    async def embedders(self) -> Sequence[EmbedderState]:
        """Open the default model of every embedder that is installed, fetching nothing."""
        return [
            EmbedderState(
                name=check.plugin.name,
                summary=check.plugin.summary,
                identity=check.identity,
                problem=check.problem,
                hint=check.hint,
            )
            for check in await self.app.embedders()
        ]

    async def plugins(self) -> Sequence[PluginState]:
        """Return what is installed and what became of it."""
        return [
            PluginState(
                name=plugin.name,
                status=plugin.status,
                distribution=plugin.distribution,
                version=plugin.version,
                error=plugin.error,
                provides=[Provided(kind=_kind(each), name=each.name, summary=each.summary) for each in plugin.provides],
            )
            for plugin in self.app.engine.plugins.plugins
        ]

    async def tokens(self) -> Sequence[AccessToken]:
        """Return the tokens of this installation."""
        return await (await self.app.engine.registry()).tokens()

    async def create_token(
        self,
        name: str,
        *,
        scope: TokenScope,
        projects: Sequence[str] = (),
        tags: Sequence[str] = (),
        lifetime: timedelta | None = None,
    ) -> tuple[AccessToken, str]:
        """Make a token; return it and its secret."""
        return await create_token(self.app.engine, name, scope=scope, projects=projects, tags=tags, lifetime=lifetime)

    async def rotate_token(self, name: str, *, lifetime: timedelta | None = None) -> tuple[AccessToken, str]:
        """Give a token a new secret."""
        return await rotate_token(self.app.engine, name, lifetime=lifetime)

    async def revoke_token(self, name: str) -> AccessToken:
        """Take a token away."""
        return await revoke_token(self.app.engine, name)

    async def ready(self) -> HealthCheck:
        """Say whether the registry answers."""
        return await registry_answers(self.app.engine)

    async def health(self) -> Health:
        """Look at registry, servers, embedder and jobs."""
        return await examine(self.app.engine, running=sum(job.running for job in self.app.jobs.list()))

    async def _exactly(self, project: Project, repository: str, path: str) -> tuple[RepositoryState, StoredFile]:
        store = await self.app.open(project)
        states = {state.name: state for state in await store.repositories()}
        asked = (repository, path)
        storable = repository in states and path.isprintable()
        stored = (await store.files([asked])).get(asked) if storable else None
        if stored is not None and stored.chunks:
            return states[repository], stored
        skipped = f": {stored.state.skipped}" if stored is not None and stored.state.skipped else ""
        raise FileNotIndexed(
            f"{repository}/{path} is not indexed{skipped}",
            hint="codebase-core status --skipped lists what was left out and why",
        )


def _kind(descriptor: Descriptor) -> str:
    return type(descriptor).__name__.removesuffix("Plugin").lower()
