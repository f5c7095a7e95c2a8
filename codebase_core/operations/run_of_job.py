"""The run that a job records its progress in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core.errors import NotProvisioned, PathUnusable
from codebase_core.projects.repository import Repository

from .own_checkout import open_begun_checkout

if TYPE_CHECKING:
    from codebase_core_hookspecs import Run

    from codebase_core.engine import Engine
    from codebase_core.jobs import Job

_RECENT_RUNS = 50


async def run_of_job(engine: Engine, job: Job) -> Run | None:
    """Return the run of a job; None before it has begun."""
    try:
        resolution = await engine.resolve(Repository.at(job.path), project=job.choices.get("project"))
        if resolution.project is None:
            return None
        runs = await (await open_begun_checkout(engine, resolution)).runs(limit=_RECENT_RUNS)
    except (NotProvisioned, PathUnusable):
        return None
    return next((run for run in runs if run.detail.get("job") == job.id), None)
