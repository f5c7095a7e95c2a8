"""Projects: records by page, and what each holds."""

from typing import Annotated, Literal

from codebase_core_hookspecs import Project, ProjectPage, ProjectQuery, WorkspaceStatus
from fastapi import APIRouter, Query, Request, Response

from codebase_core_http.access import TheReader
from codebase_core_http.description import PREFIX
from codebase_core_http.etags import answer_with

from .parameters import LIST_ITEMS, NAME_CHARACTERS, ProjectName, example

router = APIRouter(prefix=PREFIX, tags=["projects"])


@router.get("/projects", operation_id="list_projects")
async def list_projects(
    *,
    reader: TheReader,
    text: Annotated[
        str | None,
        Query(
            description="In name, description or a tag.", max_length=NAME_CHARACTERS, openapi_examples=example("exam")
        ),
    ] = None,
    tags: Annotated[list[str], Query(alias="tag", description="With all of these tags.", max_length=LIST_ITEMS)] = [],  # noqa: B006 - FastAPI copies it
    sort: Annotated[
        Literal["created", "updated", "name"], Query(description="By name, or the newest first.")
    ] = "created",
    reverse: Annotated[bool, Query(description="The other way round.")] = False,
    limit: Annotated[int, Query(description="Most records of a page.", ge=1, le=1_000)] = 100,
    cursor: Annotated[str | None, Query(description="Where the page before ended.", max_length=NAME_CHARACTERS)] = None,
) -> ProjectPage:
    """List the projects that you may see."""
    query = ProjectQuery(text=text, tags=frozenset(tags), sort=sort, reverse=reverse, limit=limit, cursor=cursor)
    return await reader.project_page(query)


@router.get("/projects/{project}", operation_id="show_project", response_model=Project)
async def show_project(
    *, project: ProjectName, request: Request, response: Response, reader: TheReader
) -> Project | Response:
    """Return a project's record. Its ETag is the record's version."""
    found = await reader.project(project)
    return answer_with(found, request, response, tag=str(found.version))


@router.get("/projects/{project}/status", operation_id="project_status")
async def project_status(project: ProjectName, reader: TheReader) -> WorkspaceStatus:
    """Say what is indexed in a project and how fresh it is: statistics, languages, what was skipped, the last runs."""
    return await reader.status(project)
