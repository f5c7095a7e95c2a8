"""The process of a job: ``python -m codebase_core.cli.run_job ID``."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from codebase_core.app import App, Choices
from codebase_core.config.logging import set_up
from codebase_core.config.settings import load_settings
from codebase_core.errors import CodebaseCoreError, ProjectBusy
from codebase_core.jobs.spool import Jobs
from codebase_core.plugins.manager import plugin_packages

if TYPE_CHECKING:
    from codebase_core.jobs.job import Job, JobState

logger = logging.getLogger("codebase_core.jobs")  # this module runs as __main__

NICENESS = 5
"""Whoever works at the machine comes first."""

_BUSY_SECONDS = 1.0


def main(job_id: str, *, plugins: bool) -> int:
    """Index as the job says and record how it ended."""
    os.nice(NICENESS)
    settings = load_settings(plugins=plugins)
    set_up(line_format=settings["log"], level=logging.INFO, plugin_packages=plugin_packages)
    jobs = Jobs(settings)
    job = jobs.get(job_id)
    if jobs.is_cancelled(job):
        return _ended(jobs, job, "cancelled", {})
    try:
        report = asyncio.run(_index(App(settings), job))
    except KeyboardInterrupt:
        return _ended(jobs, job, "cancelled", {})
    except CodebaseCoreError as exc:
        return _ended(jobs, job, "failed", {"error": exc.message, "hint": exc.hint})
    except Exception as exc:
        _ended(jobs, job, "failed", {"error": f"unexpected {type(exc).__name__}: {exc}", "hint": None})
        raise
    return _ended(jobs, job, "done", report)


async def _index(app: App, job: Job) -> Mapping[str, Any]:
    """Index once nobody else does."""
    async with app:
        while True:
            try:
                report = await app.index(
                    job.path, choices=Choices(**job.choices), force=job.force, detail={"job": job.id}
                )
            except ProjectBusy as exc:
                logger.info("waiting: %s", exc.message)
                await asyncio.sleep(_BUSY_SECONDS)
            else:
                return report.as_dict()


def _ended(jobs: Jobs, job: Job, state: JobState, report: Mapping[str, Any]) -> int:
    jobs.write(replace(job, pid=os.getpid(), state=state, ended_at=datetime.now(UTC), report=report))
    print(f"{state}: {report.get('error', '')}".rstrip(": "), file=sys.stderr)  # noqa: T201 - the job's log
    return 0 if state == "done" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], plugins="--no-plugins" not in sys.argv))
