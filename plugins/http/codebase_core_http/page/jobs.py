"""The page of the index jobs, and the buttons that start and cancel them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from codebase_core_http.access import TheIndexer, TheReader

from .templates import render

router = APIRouter(include_in_schema=False)

PAGE = "/jobs"
_SEE_OTHER = 303


@router.get(PAGE)
async def jobs(request: Request, reader: TheReader) -> HTMLResponse:
    """List the jobs; the script asks again while one runs."""
    found = await reader.jobs()
    return render(request, "jobs.html", {"jobs": found, "running": any(job.running for job in found)})


@router.post("/projects/{project}/index")
async def start(project: str, reader: TheIndexer) -> RedirectResponse:
    """Index each repository of a project that is on the server, and show the jobs."""
    id = str((await reader.project(project)).id)
    for state in await reader.service.repositories(id):
        await reader.service.start_job(id, repository=state.name)
    return RedirectResponse(PAGE, _SEE_OTHER)


@router.post("/jobs/{job}/cancel")
async def cancel(job: str, reader: TheIndexer) -> RedirectResponse:
    """Ask a job to stop, and show the jobs."""
    await reader.service.cancel_job((await reader.job(job)).job)
    return RedirectResponse(PAGE, _SEE_OTHER)
