"""The index as one principal sees it: what may not be seen does not exist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core_hookspecs import (
    CursorInvalid,
    JobNotFound,
    MergedAnswer,
    ProjectNotFound,
    ProjectPage,
    ProjectQuery,
    Workspace,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager

    from codebase_core_hookspecs import (
        Answer,
        FileText,
        JobProgress,
        Project,
        RelatedRequest,
        SearchRequest,
        SymbolRequest,
        TeamService,
        WorkspaceStatus,
    )

    from .principals import Principal

NOWHERE = Path("/")
"""The folder of a request: a server stands in none of its readers' folders, and globs are from a repository's root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What a principal may read; ``turn`` is held while the engine works."""

    service: TeamService
    principal: Principal
    turn: AbstractAsyncContextManager[object]

    async def project(self, name: str) -> Project:
        """Return a project by name or id; raise ProjectNotFound.

        Whoever sees some projects only is answered from those: in the same words, and after the same work, for a project that
        is hidden and for one that is not there.
        """
        if self.principal.unrestricted:
            return await self.service.project(name)
        for project in (await self.service.project_page(ProjectQuery())).projects:
            if self.principal.sees(project) and name.casefold() in (project.name.casefold(), str(project.id)):
                return project
        raise ProjectNotFound(f"project {name!r} does not exist", hint="GET /api/v1/projects lists yours")

    async def projects(self) -> Sequence[Project]:
        """Return the projects that can be asked, newest first."""
        found = (await self.service.project_page(ProjectQuery(statuses=frozenset({"active"})))).projects
        return [project for project in found if self.principal.sees(project)]

    async def project_page(self, query: ProjectQuery) -> ProjectPage:
        """Return the records that a query asks for; a cursor of somebody who sees some of them is the last one's id."""
        if self.principal.unrestricted:
            return await self.service.project_page(query)
        found = (await self.service.project_page(replace(query, limit=None, cursor=None))).projects
        seen = [project for project in found if self.principal.sees(project)]
        if query.cursor is not None:
            ids = [str(project.id) for project in seen]
            if query.cursor not in ids:
                raise CursorInvalid("the cursor is of another query", hint="begin again without a cursor")
            seen = seen[ids.index(query.cursor) + 1 :]
        page = seen[: query.limit]
        return ProjectPage(projects=page, cursor=str(page[-1].id) if page and len(page) < len(seen) else None)

    async def search(self, request: SearchRequest, *, project: str) -> Answer:
        """Ask one project."""
        id = str((await self.project(project)).id)
        async with self.turn:
            return await self.service.search(replace(request, path=NOWHERE, project=id))

    async def symbol(self, request: SymbolRequest, *, project: str) -> Answer:
        """Look a name up in one project."""
        id = str((await self.project(project)).id)
        async with self.turn:
            return await self.service.symbol(replace(request, path=NOWHERE, project=id))

    async def related(self, request: RelatedRequest, *, project: str) -> Answer:
        """Return code that resembles what stands at a line."""
        id = str((await self.project(project)).id)
        async with self.turn:
            return await self.service.related(replace(request, path=NOWHERE, project=id))

    async def ask_several(self, request: SearchRequest | SymbolRequest, *, projects: Sequence[str]) -> MergedAnswer:
        """Ask several projects, or all that may be seen if none is named; where there are none, nothing is found."""
        asked = [await self.project(name) for name in projects] if projects else await self.projects()
        ids = list(dict.fromkeys(str(project.id) for project in asked))
        if not ids:
            return MergedAnswer(query=request.query, answers=(), hits=())
        async with self.turn:
            return await self.service.search_projects(replace(request, path=NOWHERE, project=None), projects=ids)

    async def file(self, path: str, *, project: str, repository: str | None = None) -> FileText:
        """Return a file as it was indexed."""
        id = str((await self.project(project)).id)
        async with self.turn:
            return await self.service.file(path, project=id, repository=repository)

    async def status(self, project: str) -> WorkspaceStatus:
        """Say what is indexed in a project."""
        id = str((await self.project(project)).id)
        async with self.turn:
            return await self.service.status(Workspace(project=id))

    async def jobs(self) -> Sequence[JobProgress]:
        """Return the jobs, newest first."""
        return [job for job in await self.service.jobs() if await self.sees_job(job)]

    async def job(self, id: str) -> JobProgress:
        """Return one job; raise JobNotFound."""
        try:
            job = await self.service.job(id)
        except JobNotFound:
            if self.principal.unrestricted:
                raise
        else:
            if await self.sees_job(job):
                return job
        raise JobNotFound(f"no job has the id {id!r}", hint="GET /api/v1/jobs")

    async def sees_job(self, job: JobProgress) -> bool:
        """Tell whether a job may be seen: one that names no project may be any's, so only by who sees them all."""
        if self.principal.unrestricted:
            return True
        if job.project is None:
            return False
        try:
            await self.project(job.project)
        except ProjectNotFound:
            return False
        return True
