"""Files as they were indexed, and what they define."""

from codebase_core_hookspecs import FileOutline, FileText
from fastapi import APIRouter, Request, Response

from codebase_core_http.access import TheReader
from codebase_core_http.description import PREFIX
from codebase_core_http.etags import answer_with

from .parameters import File, ProjectName, Repository

router = APIRouter(prefix=PREFIX, tags=["files"])


@router.get("/projects/{project}/file", operation_id="show_file", response_model=FileText)
async def show_file(
    *,
    project: ProjectName,
    file: File,
    request: Request,
    response: Response,
    reader: TheReader,
    repository: Repository = None,
) -> FileText | Response:
    """Return a file with its definitions. Its ETag changes with the file."""
    found = await reader.file(file, project=project, repository=repository)
    return answer_with(found, request, response, tag=f"{found.outline.version}-{found.outline.state}")


@router.get("/projects/{project}/outline", operation_id="outline_file", response_model=FileOutline)
async def outline_file(
    *,
    project: ProjectName,
    file: File,
    request: Request,
    response: Response,
    reader: TheReader,
    repository: Repository = None,
) -> FileOutline | Response:
    """Return what a file defines, in order."""
    found = (await reader.file(file, project=project, repository=repository)).outline
    return answer_with(found, request, response, tag=f"{found.version}-{found.state}")
