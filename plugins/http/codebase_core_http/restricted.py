"""The engine for applications of plugins, as one principal may use it: by projects alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core_hookspecs import CodebaseCoreError, ProjectUnresolved, ResolvedProject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codebase_core_hookspecs import (
        Answer,
        JobProgress,
        Project,
        RelatedRequest,
        SearchRequest,
        SymbolRequest,
        Workspace,
        WorkspaceStatus,
    )

    from .reader import Reader


@dataclass(frozen=True, slots=True)
class RestrictedService:
    """Implements the contract's SearchService over what a reader sees; folders and roots are nobody's."""

    reader: Reader

    async def search(self, request: SearchRequest, *, roots: tuple[Path, ...] = ()) -> Answer:  # noqa: ARG002
        """Answer a query."""
        return await self.reader.search(request, project=_named(request.project))

    async def symbol(self, request: SymbolRequest, *, roots: tuple[Path, ...] = ()) -> Answer:  # noqa: ARG002
        """Answer with the definitions of a name."""
        return await self.reader.symbol(request, project=_named(request.project))

    async def related(self, request: RelatedRequest, *, roots: tuple[Path, ...] = ()) -> Answer:  # noqa: ARG002
        """Answer with code that resembles what stands at a line."""
        return await self.reader.related(request, project=_named(request.project))

    async def index(self, workspace: Workspace, *, force: bool = False) -> JobProgress:
        """Index a project's repository again, for whoever has a token for that."""
        project = await self.reader.project(_named(workspace.project))
        if not self.reader.principal.may("index"):
            raise CodebaseCoreError(
                f"the token of {self.reader.principal.name!r} is not for this: index",
                hint="search goes on; an administrator makes tokens with --scope index",
            )
        return await self.reader.service.start_job(str(project.id), force=force)

    async def status(self, workspace: Workspace) -> WorkspaceStatus:
        """Say what is indexed."""
        return await self.reader.status(_named(workspace.project))

    async def job(self, id: str) -> JobProgress:
        """Say how far a job is."""
        return await self.reader.job(id)

    async def resolve(self, workspace: Workspace) -> ResolvedProject | None:
        """Return the project that is named; None where none is."""
        if workspace.project is None:
            return None
        project = await self.reader.project(workspace.project)
        return ResolvedProject(name=project.name, id=str(project.id), tier="explicit", evidence="named in the request")

    async def projects(self) -> Sequence[Project]:
        """Return the projects that the reader sees, newest first."""
        return await self.reader.projects()


def _named(project: str | None) -> str:
    if project is None:
        raise ProjectUnresolved("no project is named, and no folder of yours is known here", hint="name a project")
    return project
