"""Index runs in processes of their own."""

from collections.abc import Sequence
from typing import Annotated

from codebase_core_hookspecs import JobProgress
from fastapi import APIRouter, Path

from codebase_core_http.access import TheReader
from codebase_core_http.description import PREFIX

from .parameters import NAME_CHARACTERS

router = APIRouter(prefix=PREFIX, tags=["jobs"])


@router.get("/jobs", operation_id="list_jobs")
async def list_jobs(reader: TheReader) -> Sequence[JobProgress]:
    """List the index jobs, newest first."""
    return await reader.jobs()


@router.get("/jobs/{job}", operation_id="show_job")
async def show_job(
    job: Annotated[str, Path(description="A job's id, from the list.", max_length=NAME_CHARACTERS)], reader: TheReader
) -> JobProgress:
    """Say how far a job is."""
    return await reader.job(job)
