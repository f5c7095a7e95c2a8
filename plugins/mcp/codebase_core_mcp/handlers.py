"""What each tool does: from checked arguments to an answer of the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import (
    CodebaseCoreError,
    Excerpt,
    Filters,
    PathUnusable,
    ProjectUnresolved,
    RelatedRequest,
    SearchRequest,
    Workspace,
)

from . import formatting
from .arguments import Arguments

if TYPE_CHECKING:
    from codebase_core_hookspecs import JobProgress, SearchService, WorkspaceStatus

    from .arguments import (
        FindRelated,
        GetIndexingStatus,
        IndexRepository,
        ListProjects,
        SearchCode,
        SetWorkingDirectory,
    )
    from .sessions import ClientSession

Progress = Callable[[float, float | None, str], Awaitable[None]]

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, for programs and for a model."""

    content: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """The tools for one request. ``roots`` are the client's, or what stands for them; ``turn`` is held while the engine works.

    Without ``folders`` the client is elsewhere, and a path says nothing here.
    """

    service: SearchService
    session: ClientSession
    roots: tuple[Path, ...]
    progress: Progress
    turn: AbstractAsyncContextManager[object]
    folders: bool = True

    async def search_code(self, arguments: SearchCode) -> Reply:
        """Answer one or several queries."""
        queries = arguments.query if isinstance(arguments.query, list) else [arguments.query]
        workspace = self._workspace(arguments)
        request = SearchRequest(
            queries[0],
            path=workspace.folder,
            project=workspace.project,
            limit=arguments.limit,
            filters=Filters(
                repositories=frozenset([arguments.repository] if arguments.repository is not None else ()),
                languages=frozenset(language.lower() for language in arguments.languages),
                path_globs=tuple(arguments.globs),
                roles=frozenset(arguments.only),
                without_roles=frozenset(arguments.without),
            ),
            excerpt=Excerpt(max_tokens=arguments.max_tokens // len(queries)),
        )
        answers = [await self.service.search(replace(request, query=query), roots=workspace.roots) for query in queries]
        shown = [formatting.compact(answer, explain=arguments.explain) for answer in answers]
        text = "\n\n".join(formatting.answer(answer, explain=arguments.explain) for answer in answers)
        return Reply(content=shown[0] if isinstance(arguments.query, str) else {"answers": shown}, text=text)

    async def find_related(self, arguments: FindRelated) -> Reply:
        """Answer with code that resembles what stands at a line."""
        # An absolute path says by itself whose it is.
        named = arguments.path is not None or arguments.project is not None or not self.folders
        where = arguments if named else arguments.model_copy(update={"path": _folder_of(arguments.file)})
        workspace = self._workspace(where)
        request = RelatedRequest(
            arguments.file,
            arguments.line,
            path=workspace.folder,
            project=workspace.project,
            limit=arguments.limit,
            excerpt=Excerpt(max_tokens=arguments.max_tokens),
        )
        answer = await self.service.related(request, roots=workspace.roots)
        return Reply(content=formatting.compact(answer), text=formatting.answer(answer))

    async def index_repository(self, arguments: IndexRepository) -> Reply:
        """Start a job."""
        job = await self.service.index(self._workspace(arguments), force=arguments.force)
        text = f"{formatting.job(job)}\nsearch_code answers meanwhile with what is there."
        return Reply(content=job.as_dict(), text=text)

    async def get_indexing_status(self, arguments: GetIndexingStatus) -> Reply:
        """Say what is indexed; with ``wait``, when the job has ended or the time is over."""
        if arguments.job is not None:
            job = await self._job(arguments.job)
            if arguments.wait:
                job = await self._wait(job, seconds=arguments.wait)
            return Reply(content={"indexing": job.as_dict()}, text=formatting.job(job))
        workspace = self._workspace(arguments)
        status = await self._status(workspace)
        if arguments.wait and status.indexing is not None and status.indexing.running:
            await self._wait(status.indexing, seconds=arguments.wait)
            status = await self._status(workspace)
        return Reply(content=status.as_dict(), text=formatting.status(status))

    async def set_working_directory(self, arguments: SetWorkingDirectory) -> Reply:
        """Remember a folder for this session."""
        if not self.folders:
            raise _elsewhere()
        if not self.session.lasting:
            raise CodebaseCoreError("this connection keeps nothing between calls", hint="pass path to each call")
        folder = _existing(arguments.path)
        if not self._may_work_in(folder):
            roots = ", ".join(map(str, self.roots))
            raise CodebaseCoreError(f"{folder} lies in none of the roots: {roots}", hint="pass path to each call")
        self.session.working_directory = folder
        project = await self.service.resolve(self._workspace(Arguments()))
        known = f"project {project.name!r}" if project else "no project yet: the first search_code indexes it"
        content = {"working_directory": str(folder), "project": project.as_dict() if project else None}
        return Reply(content=content, text=f"{folder}: {known}")

    async def list_projects(self, _: ListProjects) -> Reply:
        """List the projects."""
        projects = await self.service.projects()
        shown = [{"name": p.name, "id": str(p.id), "status": p.status, "description": p.description} for p in projects]
        lines = [" · ".join(filter(None, (p.name, str(p.id), p.description))) for p in projects]
        return Reply(content={"projects": shown}, text="\n".join(lines) or "no projects")

    async def _wait(self, job: JobProgress, *, seconds: float) -> JobProgress:
        """Report the progress of a job until it ends or the time is over; nothing but the job is looked at.

        The protocol wants each value to be more than the one before, so what has not moved is not reported.
        """
        deadline, reported = monotonic() + seconds, -1
        while job.running and monotonic() < deadline:
            if (done := job.done or 0) > reported:
                await self.progress(done, job.changed if job.scanned else None, formatting.job(job))
                reported = done
            await asyncio.sleep(min(_POLL_SECONDS, max(0.0, deadline - monotonic())))
            job = await self._job(job.job)
        return job

    async def _status(self, workspace: Workspace) -> WorkspaceStatus:
        async with self.turn:
            return await self.service.status(workspace)

    async def _job(self, id: str) -> JobProgress:
        async with self.turn:
            return await self.service.job(id)

    def _may_work_in(self, folder: Path) -> bool:
        return not self.roots or any(folder.is_relative_to(root) for root in self.roots)

    def _workspace(self, arguments: Arguments) -> Workspace:
        """Return where a call works: the folder it names, the working directory if it lies in the roots, the first root."""
        if not self.folders:
            if arguments.project is None or arguments.path is not None:
                raise _elsewhere()
            return Workspace(project=arguments.project)
        chosen = self.session.working_directory
        folder: Path | None
        if arguments.path is not None:
            folder = _existing(arguments.path)
        elif chosen is not None and self._may_work_in(chosen):
            folder = chosen
        else:
            folder = next(iter(self.roots), None) or chosen
        if folder is None and arguments.project is None:
            raise ProjectUnresolved("it is not known which folder you work in", hint="call set_working_directory")
        return Workspace(folder=folder, project=arguments.project, roots=self.roots)


def _elsewhere() -> CodebaseCoreError:
    return CodebaseCoreError("this server sees none of your folders", hint="pass project; list_projects names them")


def _folder_of(file: str) -> str | None:
    parent = Path(file).parent if "\0" not in file else Path()
    return str(parent) if parent.is_absolute() and parent.is_dir() else None


def _existing(text: str) -> Path:
    try:
        path = Path(text).expanduser()
        if path.is_absolute():
            return path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # RuntimeError: no such user, or links in a circle
        raise PathUnusable(f"{text!r} does not exist", hint="pass a folder that exists") from None
    raise PathUnusable(f"{text!r} is not an absolute path", hint="pass an absolute folder")
