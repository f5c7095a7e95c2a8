"""The engine as others are served: answers that say how fresh they are, folders that are indexed when first asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from codebase_core_hookspecs import Filters, Workspace

from codebase_core.app import App, Choices
from codebase_core.errors import CodebaseCoreError, FileNotIndexed, NotProvisioned, ProjectUnresolved
from codebase_core.projects.repository import Repository
from codebase_core.search.excerpt import Excerpt

from .allowed import check_allowed, is_allowed
from .revalidation import Freshness, Revalidation

if TYPE_CHECKING:
    from types import TracebackType

    from codebase_core_hookspecs import Project

    from codebase_core.jobs import Job
    from codebase_core.projects.resolution import Resolution
    from codebase_core.questions import Questions
    from codebase_core.search.answer import Answer
    from codebase_core.settings import Settings

FIRST_SECONDS = 2.0
"""What a first question waits for an index that is being made: a small folder is answered at once."""

MISSED_SECONDS = 2.0
"""Between two looks at a tree for what a question could not find: an agent asks for what it has just written."""

_POLL_SECONDS = 0.1


@dataclass(slots=True)
class Service:
    """Implements the contract's Application."""

    app: App
    _revalidation: Revalidation = field(init=False)

    def __post_init__(self) -> None:
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
        await self._revalidation.aclose()
        await self.app.opened.aclose()

    async def search(
        self,
        query: str,
        *,
        workspace: Workspace,
        limit: int,
        filters: Filters = Filters(),
        max_tokens: int | None = None,
        explain: bool = False,
    ) -> Mapping[str, Any]:
        """Answer a query; index what has changed before, or begin to index a folder that is not yet."""
        excerpt = Excerpt(max_tokens=max_tokens)

        async def ask(questions: Questions) -> Answer:
            return await questions.search(query, limit=limit, filters=filters, excerpt=excerpt)

        return await self._answer(ask, query, workspace=workspace, explain=explain)

    async def related(
        self,
        file: str,
        line: int,
        *,
        workspace: Workspace,
        limit: int,
        filters: Filters = Filters(),
        max_tokens: int | None = None,
    ) -> Mapping[str, Any]:
        """Answer with code that resembles what stands at a line of a file."""
        folder, excerpt = workspace.folder or Path("/"), Excerpt(max_tokens=max_tokens)

        async def ask(questions: Questions) -> Answer:
            try:
                return await questions.related(file, line, folder=folder, limit=limit, filters=filters, excerpt=excerpt)
            except FileNotIndexed as exc:
                raise FileNotIndexed(exc.message, hint="search_code names files as they are indexed") from exc

        return await self._answer(ask, f"{file}:{line}", workspace=workspace)

    async def index(self, *, workspace: Workspace, force: bool = False) -> Mapping[str, Any]:
        """Start a job for the workspace's folder, or find the one that does the same."""
        folder = _folder(workspace)
        check_allowed(folder, workspace, self.app.settings)
        job = self.app.start_job(
            self._whole(folder, workspace), choices=Choices(project=workspace.project), force=force
        )
        return await self._progress(job)

    async def status(self, *, workspace: Workspace, job: str | None = None) -> Mapping[str, Any]:
        """Say what is indexed, how fresh it is and how far a job is."""
        if job is not None:
            return {"indexing": await self._progress(self.app.jobs.get(job))}
        resolution = await self._resolution(workspace)
        latest = self._job_of(workspace)
        indexing = {"indexing": await self._progress(latest)} if latest is not None else {}
        if resolution is None:
            if latest is None:
                raise ProjectUnresolved(
                    f"{_folder(workspace)} is not indexed", hint=f"codebase-core index {_folder(workspace)}"
                )
            return {"project": None, **indexing}
        found = await self.app.status_of(resolution)
        freshness = await self._fresh(resolution.found(), workspace)
        return {**found.as_dict(), "freshness": freshness.as_dict(), **indexing}

    async def resolve(self, *, workspace: Workspace) -> Mapping[str, Any] | None:
        """Return the project of a workspace."""
        resolution = await self._resolution(workspace)
        return resolution.as_dict() if resolution is not None else None

    async def projects(self) -> Sequence[Mapping[str, Any]]:
        """Return the projects, newest first."""
        registry = await self.app.opened.registry()
        return [
            {"name": each.name, "id": str(each.id), "status": each.status, "description": each.description}
            for each in await registry.list()
        ]

    async def _resolution(self, workspace: Workspace) -> Resolution | None:
        """Resolve a workspace to a project that can be read; None if its folder has none yet."""
        if workspace.project is not None:
            resolution = await self.app.resolve(workspace.folder or Path("/"), project=workspace.project)
            resolution.found()
        else:
            resolution = await self.app.resolve(_folder(workspace))
            # The project in use is no answer about a folder that could have its own.
            if resolution.tier == "active" and self._may_index(workspace):
                return None
        return resolution if resolution.project is not None and resolution.project.status == "active" else None

    async def _answer(
        self, ask: Callable[[Questions], Awaitable[Answer]], query: str, *, workspace: Workspace, explain: bool = False
    ) -> Mapping[str, Any]:
        resolution = await self._resolution(workspace)
        if resolution is None:
            job = self._resumed(workspace)
            resolution = await self._first_answerable(workspace, job)
            if resolution is None:
                return self._not_yet(query, workspace, job)
        project = resolution.found()
        questions = await self.app.questions(resolution)
        answer, freshness = await self._fresh_answer(ask, questions, project, workspace)
        shown = answer.as_dict(explain=explain) | {"freshness": freshness.as_dict()}
        if not answer.repositories or any(state.indexed_at is None for state in answer.repositories):
            job = self._resumed(workspace)
            shown["indexing"] = await self._progress(job) if job is not None else None
        return shown

    async def _fresh_answer(
        self,
        ask: Callable[[Questions], Awaitable[Answer]],
        questions: Questions,
        project: Project,
        workspace: Workspace,
    ) -> tuple[Answer, Freshness]:
        """Ask, and once more after a look at the tree where what was asked for may have changed, or come, since the last."""
        freshness = await self._fresh(project, workspace)
        may_be_new = freshness.state == "current" and self._revalidation.is_due(project, seconds=MISSED_SECONDS)
        answer = None
        try:
            answer = await ask(questions)
        except FileNotIndexed:
            if not may_be_new:
                raise
        else:
            edited = any(hit.state in ("changed", "missing") for hit in answer.hits) and freshness.state == "current"
            if not (edited or (answer.missed and may_be_new)):
                return answer, freshness
            answer = None if edited else answer
        updates = self._revalidation.updates(project)
        freshness = await self._fresh(project, workspace, now=True)
        if answer is None or self._revalidation.updates(project) != updates:
            answer = await ask(questions)
        return answer, freshness

    async def _fresh(self, project: Project, workspace: Workspace, *, now: bool = False) -> Freshness:
        store = await self.app.open(project)
        return await self._revalidation.check(
            project,
            store,
            allowed=lambda folder: is_allowed(folder, workspace, self.app.settings),
            now=now,
        )

    def _may_index(self, workspace: Workspace) -> bool:
        """Whether a question may begin to index the folder it is about."""
        folder = workspace.folder
        return (
            bool(self.app.settings["auto_index"])
            and workspace.project is None
            and folder is not None
            and is_allowed(folder, workspace, self.app.settings)
        )

    def _whole(self, folder: Path, workspace: Workspace) -> Path:
        """Return the repository that a folder is part of, as far as it may be indexed."""
        root = Repository.at(folder).root
        return root if is_allowed(root, workspace, self.app.settings) else folder

    def _start(self, workspace: Workspace) -> Job:
        return self.app.start_job(self._whole(_folder(workspace), workspace))

    def _resumed(self, workspace: Workspace) -> Job | None:
        """Return the job that makes the workspace's index, begun now if none does; one that failed or was cancelled stays so."""
        job = self._job_of(workspace)
        if (job is None or job.state in ("interrupted", "done")) and self._may_index(workspace):
            return self._start(workspace)
        return job

    def _job_of(self, workspace: Workspace) -> Job | None:
        """Return the latest job that indexed, or indexes, the workspace's folder."""
        if workspace.folder is None or workspace.project is not None:
            return None
        with suppress(CodebaseCoreError):
            place = Repository.at(workspace.folder)
            real = place.root / place.scope
            return next((job for job in self.app.jobs.list() if real.is_relative_to(job.path)), None)
        return None

    async def _first_answerable(self, workspace: Workspace, job: Job | None) -> Resolution | None:
        """Wait a little for a job's project to have something to say."""
        if job is None:
            check_allowed(_folder(workspace), workspace, self.app.settings)
            raise ProjectUnresolved(
                f"{_folder(workspace)} is not indexed", hint=f"codebase-core index {_folder(workspace)}"
            )
        deadline = asyncio.get_running_loop().time() + FIRST_SECONDS
        while self.app.jobs.get(job.id).running and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - another process
            await asyncio.sleep(_POLL_SECONDS)
        return await self._resolution(workspace)

    def _not_yet(self, query: str, workspace: Workspace, job: Job | None) -> Mapping[str, Any]:
        """Answer for a folder whose project does not exist yet; raise what its job died of."""
        job = self.app.jobs.get(job.id) if job is not None else None
        if job is None or not job.running:
            why = (
                job.report.get("error", f"its job {job.id} is {job.state}") if job is not None else "it has no project"
            )
            hint = job.report.get("hint") if job is not None else None
            raise NotProvisioned(
                f"{_folder(workspace)} could not be indexed: {why}", hint=hint or "index_repository tries again"
            )
        return {"query": query, "project": None, "index": [], "hits": [], "indexing": _shown(job), "timings": {}}

    async def _progress(self, job: Job) -> Mapping[str, Any]:
        """Return a job with what its run has done so far."""
        job = self.app.jobs.get(job.id)  # before its run: one that has ended has recorded everything
        run = await self.app.run_of(job)
        detail = run.detail if run is not None else {}
        counted = {
            key: detail[key] for key in ("done", "changed", "scanned", "chunks", "files", "seconds") if key in detail
        }
        return _shown(job) | counted


def _shown(job: Job) -> dict[str, Any]:
    error = {"error": job.report["error"]} if "error" in job.report else {}
    return {"job": job.id, "state": job.state, "path": str(job.path)} | error


def _folder(workspace: Workspace) -> Path:
    if workspace.folder is None:
        raise ProjectUnresolved("neither a project nor a folder is given", hint="name a project")
    return workspace.folder
