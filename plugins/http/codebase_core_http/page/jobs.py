"""The page of the index jobs."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from codebase_core_http.access import TheReader

from .templates import render

router = APIRouter(include_in_schema=False)


@router.get("/jobs")
async def jobs(request: Request, reader: TheReader) -> HTMLResponse:
    """List the jobs; the script asks again while one runs."""
    found = await reader.jobs()
    return render(request, "jobs.html", {"jobs": found, "running": any(job.running for job in found)})
