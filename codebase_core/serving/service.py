"""The engine as others are served: answers that say how fresh they are, folders that are indexed when first asked about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from codebase_core_hookspecs import Answer, Workspace, WorkspaceStatus

from codebase_core.app import App
from codebase_core.errors import FileNotIndexed, NotProvisioned
from codebase_core.jobs import Job
from codebase_core.operations.assign_project import check_own_checkout
from codebase_core.operations.new_checkout import open_or_make_checkout
from codebase_core.operations.search_project import open_searcher
from codebase_core.projects.repository import Repository

from .allowed import allowed_parts
from .folder_jobs import FolderJobs, folder_of, not_indexed, progress_of
from .revalidation import Revalidation

if TYPE_CHECKING:
    from types import TracebackType

    from codebase_core_hookspecs import (
        AnyRequest,
        Freshness,
        JobProgress,
        Project,
        ProjectStore,
        RelatedRequest,
        RepositoryState,
        ResolvedProject,
        SearchRequest,
        SymbolRequest,
    )

    from codebase_core.config.settings import Settings
    from codebase_core.projects.resolution import Resolution
    from codebase_core.search.searcher import Searcher

FIRST_LOOK = "this checkout is asked about for the first time: it is not known yet what is in it"

MISSED_SECONDS = 2.0
"""Between two looks at a tree for what a question could not find: an agent asks for what it has just written."""


@dataclass(slots=True)
class LocalSearchService:
    """Implements the contract's SearchService over an application of this process.

    A question whose words the index lacks makes nobody look at a tree that was looked at within ``missed_seconds``.
    """

    app: App
    missed_seconds: float = field(default=MISSED_SECONDS, kw_only=True)
    _jobs: FolderJobs = field(init=False)
    _revalidation: Revalidation = field(init=False)

    def __post_init__(self) -> None:
        self._jobs = FolderJobs(self.app)
        self._revalidation = Revalidation(self.app)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return a service with an application of its own."""
        return cls(App(settings))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop looking at trees, and close the application."""
        await self._revalidation.aclose()
        await self.app.aclose()

    async def search(self, request: SearchRequest, *, roots: tuple[Path, ...] = ()) -> Answer:
        """Answer a query; index what has changed before, or begin to index a folder that is not yet."""
        return await self._answer(request, request.query, roots)

    async def symbol(self, request: SymbolRequest, *, roots: tuple[Path, ...] = ()) -> Answer:
        """Answer with the definitions of a name."""
        return await self._answer(request, request.query, roots)

    async def related(self, request: RelatedRequest, *, roots: tuple[Path, ...] = ()) -> Answer:
        """Answer with code that resembles what stands at a line of a file."""
        placed = replace(request, path=request.folder or Path("/"))
        try:
            return await self._answer(placed, f"{request.file}:{request.line}", roots)
        except FileNotIndexed as exc:
            raise FileNotIndexed(exc.message, hint="search_code names files as they are indexed") from exc

    async def index(self, workspace: Workspace, *, force: bool = False) -> JobProgress:
        """Start a job for the workspace's folder, or find the one that does the same."""
        if workspace.project is not None:  # a name makes no project here: it may be misspelt
            await self._check_follows(workspace)
        return await self._jobs.progress(self._jobs.start(workspace, force=force))

    async def status(self, workspace: Workspace) -> WorkspaceStatus:
        """Say what is indexed, how fresh it is and how far the latest job is."""
        resolution = await self._resolution(workspace)
        latest = self._jobs.latest(workspace)
        indexing = await self._jobs.progress(latest) if latest is not None else None
        if resolution is None:
            if indexing is None:
                raise not_indexed(workspace)
            return WorkspaceStatus(indexing=indexing)
        return WorkspaceStatus(
            status=await self.app.status_of(resolution),
            freshness=await self._fresh(resolution, workspace, store=await self.app.open_checkout(resolution)),
            indexing=indexing,
        )

    async def job(self, id: str) -> JobProgress:
        """Say how far a job is."""
        return await self._jobs.progress(self.app.jobs.get(id))

    async def resolve(self, workspace: Workspace) -> ResolvedProject | None:
        """Return the project of a workspace."""
        resolution = await self._resolution(workspace)
        return resolution.resolved_project() if resolution is not None else None

    async def projects(self) -> Sequence[Project]:
        """Return the projects, newest first."""
        return await (await self.app.engine.registry()).list()

    async def _check_follows(self, workspace: Workspace) -> None:
        """Raise where a project does not exist, or follows another checkout of the repository: its job would fail unseen."""
        place = Repository.at(folder_of(workspace))
        resolution = await self.app.engine.resolve(place, project=workspace.project)
        store = await self.app.open(resolution.require_project())
        check_own_checkout(self.app.engine, place, resolution, await store.repositories())

    async def _resolution(self, workspace: Workspace) -> Resolution | None:
        """Resolve a workspace to a project that can be read; None if its folder has none yet."""
        if workspace.project is not None:
            resolution = await self.app.resolve(workspace.folder or Path("/"), project=workspace.project)
            if (project := resolution.require_project()).status != "active":
                raise NotProvisioned(
                    f"project {project.name!r} cannot be read: it is {project.status}",
                    hint="codebase-core projects repair",
                )
            return resolution
        resolution = await self.app.resolve(folder_of(workspace))
        # The project in use is no answer about a folder that could have its own.
        if resolution.tier == "active" and self._jobs.may_start(workspace):
            return None
        return resolution if resolution.project is not None and resolution.project.status == "active" else None

    async def _answer(self, request: AnyRequest, query: str, roots: tuple[Path, ...]) -> Answer:
        workspace = Workspace(folder=request.folder, project=request.project, roots=roots)
        resolution = await self._resolution(workspace)
        if resolution is None:
            job = await self._jobs.begun(workspace)
            resolution = await self._resolution(workspace)
            if resolution is None:
                return _not_yet(query, workspace, job)
        seen = await self._seen(resolution, workspace)
        if isinstance(seen, Job):
            project = resolution.resolved_project()
            return replace(_not_yet(query, workspace, seen), project=project, note=FIRST_LOOK)
        searcher = await open_searcher(self.app.engine, resolution, seen=seen)
        answer, freshness = await self._fresh_answer(lambda: searcher.ask(request), searcher, workspace)
        indexing = None
        if self._is_begun(answer.repositories, workspace):
            resumed = self._jobs.resumed(workspace)
            indexing = await self._jobs.progress(resumed) if resumed is not None else None
        return replace(answer, freshness=freshness, indexing=indexing)

    async def _fresh_answer(
        self, ask: Callable[[], Awaitable[Answer]], searcher: Searcher, workspace: Workspace
    ) -> tuple[Answer, Freshness]:
        """Ask, and once more after a look at the tree where what was asked for may have changed, or come, since the last."""
        resolution = searcher.resolution
        project = resolution.require_project()
        freshness = await self._fresh(resolution, workspace, store=searcher.store)
        if freshness.state != "current":
            return await ask(), freshness
        may_be_new = self._revalidation.is_due(
            project, asked=resolution.asked, parts=self._parts(workspace), seconds=self.missed_seconds
        )
        try:
            answer: Answer | None = await ask()
        except FileNotIndexed:
            if not may_be_new:
                raise
            answer = None
        if answer is not None and not _edited(answer) and not (answer.missed and may_be_new):
            return answer, freshness
        updates = self._revalidation.updates(project)
        freshness = await self._fresh(resolution, workspace, store=searcher.store, now=True)
        if answer is None or _edited(answer) or self._revalidation.updates(project) != updates:
            answer = await ask()
        return answer, freshness

    async def _seen(self, resolution: Resolution, workspace: Workspace) -> ProjectStore | Job:
        """Open what a checkout sees; of a new one, find that out before, or return the job that does it if that takes long."""
        if not self.app.settings["auto_index"]:
            return await self.app.open_checkout(resolution)
        return await open_or_make_checkout(self.app.engine, resolution, parts=self._parts(workspace))

    async def _fresh(
        self, resolution: Resolution, workspace: Workspace, *, store: ProjectStore, now: bool = False
    ) -> Freshness:
        project = resolution.require_project()
        return await self._revalidation.check(
            project, store, asked=resolution.asked, parts=self._parts(workspace), now=now
        )

    def _parts(self, workspace: Workspace) -> Callable[[Path], list[str]]:
        return lambda root: allowed_parts(root, workspace, self.app.settings)

    def _is_begun(self, repositories: Sequence[RepositoryState], workspace: Workspace) -> bool:
        """Whether the index of the workspace's own repository was begun and never finished."""
        folder = workspace.folder
        own = (
            state
            for state in repositories
            if folder is not None and state.machine == self.app.machine and folder.is_relative_to(state.root)
        )
        return not repositories or any(state.indexed_at is None for state in own)


def _edited(answer: Answer) -> bool:
    return any(hit.state in ("changed", "missing") for hit in answer.hits)


def _not_yet(query: str, workspace: Workspace, job: Job) -> Answer:
    """Answer for a folder whose project does not exist yet; raise what its job died of."""
    if not job.running:
        why = job.report.get("error", f"its job {job.id} is {job.state}")
        raise NotProvisioned(
            f"{folder_of(workspace)} could not be indexed: {why}",
            hint=job.report.get("hint") or "index_repository tries again",
        )
    return Answer(query=query, project=None, indexing=progress_of(job))
