"""The jobs that make the index of the folder that somebody works in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import JobProgress

from codebase_core.app import App, Choices
from codebase_core.errors import CodebaseCoreError, ProjectUnresolved
from codebase_core.projects.repository import Repository
from codebase_core.sources.boundaries import is_part_of

from .allowed import check_allowed, is_allowed

if TYPE_CHECKING:
    from codebase_core_hookspecs import Workspace

    from codebase_core.jobs import Job

FIRST_SECONDS = 2.0
"""What a first question waits for an index that is being made: a small folder is answered at once."""

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class FolderJobs:
    """Start, find and describe them; nothing outside the allowed roots is indexed."""

    app: App

    def start(self, workspace: Workspace, *, force: bool = False) -> Job:
        """Start a job for the workspace's folder, or find the one that does the same; raise where it is not allowed."""
        folder = folder_of(workspace)
        check_allowed(folder, workspace, self.app.settings)
        root = Repository.at(folder).root
        whole = root if is_allowed(root, workspace, self.app.settings) else folder
        return self.app.start_job(whole, choices=Choices(project=workspace.project), force=force)

    def may_start(self, workspace: Workspace) -> bool:
        """Whether a question may begin to index the folder it is about."""
        return (
            bool(self.app.settings["auto_index"])
            and workspace.project is None
            and workspace.folder is not None
            and is_allowed(workspace.folder, workspace, self.app.settings)
        )

    def latest(self, workspace: Workspace) -> Job | None:
        """Return the latest job that indexed, or indexes, the workspace's folder."""
        if workspace.folder is None or workspace.project is not None:
            return None
        with suppress(CodebaseCoreError):
            place = Repository.at(workspace.folder)
            real = place.root / place.scope
            above = (job for job in self.app.jobs.list() if real.is_relative_to(job.path))
            return next(
                (job for job in above if job.path.is_relative_to(place.root) or is_part_of(real, job.path)), None
            )
        return None

    def resumed(self, workspace: Workspace) -> Job | None:
        """Return the job that makes the folder's index, begun now if none does; one that failed or was cancelled stays so."""
        job = self.latest(workspace)
        if (job is None or job.state in ("interrupted", "done")) and self.may_start(workspace):
            return self.start(workspace)
        return job

    async def begun(self, workspace: Workspace) -> Job:
        """Return the job after the little that a first question waits for it; raise where there is none and may be none."""
        job = self.resumed(workspace)
        if job is None:
            check_allowed(folder_of(workspace), workspace, self.app.settings)
            raise not_indexed(workspace)
        deadline = asyncio.get_running_loop().time() + FIRST_SECONDS
        while job.running and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(_POLL_SECONDS)
            job = self.app.jobs.get(job.id)
        return job

    async def progress(self, job: Job) -> JobProgress:
        """Return how far a job is, with what its run has done so far."""
        job = self.app.jobs.get(job.id)  # before its run: one that has ended has recorded everything
        run = await self.app.run_of(job)
        return progress_of(job, run.detail if run is not None else {})


def progress_of(job: Job, detail: Mapping[str, Any] = MappingProxyType({})) -> JobProgress:
    """Return how far a job is; ``detail`` is what its run has recorded."""
    counted = ("done", "changed", "scanned", "chunks", "files", "seconds")
    return JobProgress(
        job=job.id,
        state=job.state,
        path=job.path,
        project=job.choices.get("project"),
        error=job.report.get("error"),
        **{key: detail[key] for key in counted if key in detail},
    )


def not_indexed(workspace: Workspace) -> ProjectUnresolved:
    """Return the error of a folder that nothing has indexed."""
    folder = folder_of(workspace)
    return ProjectUnresolved(f"{folder} is not indexed", hint=f"codebase-core index {folder}")


def folder_of(workspace: Workspace) -> Path:
    """Return the folder; raise ProjectUnresolved where a workspace has none."""
    if workspace.folder is None:
        raise ProjectUnresolved("neither a project nor a folder is given", hint="name a project")
    return workspace.folder
