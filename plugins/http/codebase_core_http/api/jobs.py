"""Index runs in processes of their own: start, follow, cancel."""

from collections.abc import Sequence
from typing import Annotated

from codebase_core_hookspecs import JobProgress
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from codebase_core_http.access import TheIndexer, TheReader
from codebase_core_http.description import PREFIX
from codebase_core_http.events import MEDIA_TYPE, progress_events

from .parameters import NAME_CHARACTERS, ProjectName

router = APIRouter(prefix=PREFIX, tags=["jobs"])

ACCEPTED = 202

JobId = Annotated[str, Path(description="A job's id, from the list.", max_length=NAME_CHARACTERS)]


class NewJob(BaseModel):
    """What to index: a repository of the project, which may be left out where there is one; ``force`` reads every file again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"force": False}]})

    repository: Annotated[str | None, Field(max_length=NAME_CHARACTERS)] = None
    force: bool = False


@router.post("/projects/{project}/jobs", operation_id="start_job", status_code=ACCEPTED)
async def start_job(project: ProjectName, new: NewJob, response: Response, reader: TheIndexer) -> JobProgress:
    """Start to index a repository of a project whose folder is on the server, or find the job that does."""
    id = str((await reader.project(project)).id)
    job = await reader.service.start_job(id, repository=new.repository, force=new.force)
    response.headers["location"] = f"{PREFIX}/jobs/{job.job}"
    return job


@router.get("/jobs", operation_id="list_jobs")
async def list_jobs(reader: TheReader) -> Sequence[JobProgress]:
    """List the index jobs that you may see, newest first."""
    return await reader.jobs()


@router.get("/jobs/{job}", operation_id="show_job")
async def show_job(job: JobId, reader: TheReader) -> JobProgress:
    """Say how far a job is."""
    return await reader.job(job)


@router.delete("/jobs/{job}", operation_id="cancel_job", status_code=ACCEPTED)
async def cancel_job(job: JobId, reader: TheIndexer) -> JobProgress:
    """Ask a job to stop; what it has indexed stays. One that has ended stays as it is."""
    found = await reader.job(job)
    await reader.service.cancel_job(found.job)
    return await reader.job(job)


@router.get(
    "/jobs/{job}/events",
    operation_id="follow_job",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
            "description": "Events `progress` until it ends.",
        }
    },
)
async def follow_job(job: JobId, request: Request, reader: TheReader) -> StreamingResponse:
    """Follow a job: an event whenever it is further, the last one when it has ended. Each holds what `/jobs/{job}` answers."""
    await reader.job(job)
    return StreamingResponse(
        progress_events(lambda: reader.job(job), stopping=request.app.state.stopping), media_type=MEDIA_TYPE
    )
