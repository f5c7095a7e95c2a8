"""What each tool does: from checked arguments to an answer of the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import CodebaseCoreError, Filters, PathUnusable, ProjectUnresolved, Workspace

from . import formatting
from .arguments import Arguments

if TYPE_CHECKING:
    from codebase_core_hookspecs import SearchService

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
    """The tools for one request. ``roots`` are the client's, or what stands for them; ``turn`` is held while the engine works."""

    application: SearchService
    session: ClientSession
    roots: tuple[Path, ...]
    progress: Progress
    turn: AbstractAsyncContextManager[object]

    async def search_code(self, arguments: SearchCode) -> Reply:
        """Answer one or several queries."""
        queries = arguments.query if isinstance(arguments.query, list) else [arguments.query]
        workspace = self._workspace(arguments)
        filters = Filters(
            repositories=frozenset([arguments.repository] if arguments.repository is not None else ()),
            languages=frozenset(language.lower() for language in arguments.languages),
            path_globs=tuple(arguments.globs),
        )
        answers = [
            await self.application.search(
                query,
                workspace=workspace,
                limit=arguments.limit,
                filters=filters,
                max_tokens=arguments.max_tokens // len(queries),
                explain=arguments.explain,
            )
            for query in queries
        ]
        shown = [formatting.compact(answer) for answer in answers]
        text = "\n\n".join(formatting.answer(each) for each in shown)
        return Reply(content=shown[0] if isinstance(arguments.query, str) else {"answers": shown}, text=text)

    async def find_related(self, arguments: FindRelated) -> Reply:
        """Answer with code that resembles what stands at a line."""
        # An absolute path says by itself whose it is.
        named = arguments.path is not None or arguments.project is not None
        where = arguments if named else arguments.model_copy(update={"path": _folder_of(arguments.file)})
        answer = await self.application.related(
            arguments.file,
            arguments.line,
            workspace=self._workspace(where),
            limit=arguments.limit,
            filters=Filters(),
            max_tokens=arguments.max_tokens,
        )
        shown = formatting.compact(answer)
        return Reply(content=shown, text=formatting.answer(shown))

    async def index_repository(self, arguments: IndexRepository) -> Reply:
        """Start a job."""
        job = await self.application.index(workspace=self._workspace(arguments), force=arguments.force)
        return Reply(content=job, text=f"{formatting.job(job)}\nsearch_code answers meanwhile with what is there.")

    async def get_indexing_status(self, arguments: GetIndexingStatus) -> Reply:
        """Say what is indexed; with ``wait``, when the job has ended or the time is over."""
        workspace = self._workspace(arguments, needed=arguments.job is None)
        status = await self._status(workspace, arguments.job)
        if arguments.wait and _is_running(status):
            await self._wait(workspace, status, seconds=arguments.wait)
            status = await self._status(workspace, arguments.job)
        return Reply(content=status, text=formatting.status(status))

    async def set_working_directory(self, arguments: SetWorkingDirectory) -> Reply:
        """Remember a folder for this session."""
        if not self.session.lasting:
            raise CodebaseCoreError("this connection keeps nothing between calls", hint="pass path to each call")
        folder = _existing(arguments.path)
        if not self._may_work_in(folder):
            roots = ", ".join(map(str, self.roots))
            raise CodebaseCoreError(f"{folder} lies in none of the roots: {roots}", hint="pass path to each call")
        self.session.working_directory = folder
        project = await self.application.resolve(workspace=self._workspace(Arguments()))
        known = f"project {project['name']!r}" if project else "no project yet: the first search_code indexes it"
        return Reply(content={"working_directory": str(folder), "project": project}, text=f"{folder}: {known}")

    async def list_projects(self, _: ListProjects) -> Reply:
        """List the projects."""
        projects = await self.application.projects()
        lines = [" · ".join(filter(None, (p["name"], p["id"], p["description"]))) for p in projects]
        return Reply(content={"projects": list(projects)}, text="\n".join(lines) or "no projects")

    async def _wait(self, workspace: Workspace, status: Mapping[str, Any], *, seconds: float) -> None:
        """Report the progress of a job until it ends or the time is over; nothing but the job is looked at."""
        deadline = monotonic() + seconds
        while _is_running(status) and monotonic() < deadline:
            job = status["indexing"]
            await self.progress(job.get("done", 0), job["changed"] if job.get("scanned") else None, formatting.job(job))
            await asyncio.sleep(min(_POLL_SECONDS, max(0.0, deadline - monotonic())))
            status = await self._status(workspace, job["job"])

    async def _status(self, workspace: Workspace, job: str | None) -> Mapping[str, Any]:
        async with self.turn:
            return await self.application.status(workspace=workspace, job=job)

    def _may_work_in(self, folder: Path) -> bool:
        return not self.roots or any(folder.is_relative_to(root) for root in self.roots)

    def _workspace(self, arguments: Arguments, *, needed: bool = True) -> Workspace:
        """Return where a call works: the folder it names, the working directory if it lies in the roots, the first root."""
        chosen = self.session.working_directory
        folder: Path | None
        if arguments.path is not None:
            folder = _existing(arguments.path)
        elif chosen is not None and self._may_work_in(chosen):
            folder = chosen
        else:
            folder = next(iter(self.roots), None) or chosen
        if folder is None and arguments.project is None and needed:
            raise ProjectUnresolved("it is not known which folder you work in", hint="call set_working_directory")
        return Workspace(folder=folder, project=arguments.project, roots=self.roots)


def _is_running(status: Mapping[str, Any]) -> bool:
    return "indexing" in status and status["indexing"]["state"] == "running"


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
