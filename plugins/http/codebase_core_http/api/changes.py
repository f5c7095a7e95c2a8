"""Changes of projects: each names the version of the record that it was made for, and the trail names the principal."""

from typing import Annotated, Any
from uuid import UUID

from codebase_core_hookspecs import Project, ProjectEdit, ProjectNotFound
from fastapi import APIRouter, Header, HTTPException, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from codebase_core_http.access import TheAdministrator
from codebase_core_http.description import PREFIX
from codebase_core_http.etags import version_in

from .parameters import LIST_ITEMS, NAME_CHARACTERS, ProjectName

router = APIRouter(prefix=PREFIX, tags=["projects"])

CREATED = 201
TEXT_CHARACTERS = 10_000

Version = Annotated[str, Header(alias="if-match", description="The record's ETag, as it was read.", max_length=100)]


class ProjectFields(BaseModel):
    """What can be set of a project."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"description": "The shop", "tags": ["team-a"]}]}
    )

    description: Annotated[str | None, Field(max_length=TEXT_CHARACTERS)] = None
    tags: Annotated[list[str] | None, Field(max_length=LIST_ITEMS)] = None
    metadata: dict[str, Any] | None = None


class NewProject(ProjectFields):
    """A project to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "shop", "tags": ["team-a"]}]})

    name: Annotated[str, Field(max_length=NAME_CHARACTERS)]


class ProjectChange(ProjectFields):
    """What to change; what is left out stays, an empty description is removed, tags and metadata are replaced."""

    name: Annotated[str | None, Field(max_length=NAME_CHARACTERS)] = None


@router.post("/projects", operation_id="create_project", status_code=CREATED)
async def create_project(new: NewProject, response: Response, reader: TheAdministrator) -> Project:
    """Make a project without a folder. Whoever sees some projects only has to give it a tag by which they see it."""
    if not reader.principal.may_have(new.tags or ()):
        raise HTTPException(403, f"{reader.principal.name!r} would not see the project: give it a tag of theirs")
    made = await reader.service.create_project(
        new.name,
        principal=reader.principal.name,
        description=new.description,
        tags=new.tags or (),
        metadata=new.metadata,
    )
    response.headers["location"] = f"{PREFIX}/projects/{made.id}"
    return _tagged(made, response)


@router.patch("/projects/{project}", operation_id="change_project")
async def change_project(
    project: ProjectName, change: ProjectChange, version: Version, response: Response, reader: TheAdministrator
) -> Project:
    """Change a project's record, unless somebody else did since it was read."""
    record = await reader.project(project)
    edit = ProjectEdit(
        name=change.name,
        description=change.description,
        tags=None if change.tags is None else frozenset(change.tags),
        metadata=change.metadata,
    )
    changed = await reader.service.edit_project(
        record.id, edit, version=version_in(version), principal=reader.principal.name
    )
    return _tagged(changed, response)


@router.delete("/projects/{project}", operation_id="delete_project")
async def delete_project(
    project: ProjectName, version: Version, response: Response, reader: TheAdministrator
) -> Project:
    """Hide a project and free its name and folders, unless its record changed since it was read. Its data stays."""
    record = await reader.project(project)
    gone = await reader.service.delete_project(record.id, version=version_in(version), principal=reader.principal.name)
    return _tagged(gone, response)


@router.post("/projects/{id}/restore", operation_id="restore_project")
async def restore_project(
    id: Annotated[UUID, Path(description="A deleted project's id.")], response: Response, reader: TheAdministrator
) -> Project:
    """Bring a deleted project back, with those of its folders that are still free."""
    if not reader.principal.sees(await reader.service.deleted_project(id)):
        raise ProjectNotFound(f"no deleted project is called {str(id)!r}", hint="codebase-core projects list --deleted")
    return _tagged(await reader.service.restore_project(id, principal=reader.principal.name), response)


def _tagged(project: Project, response: Response) -> Project:
    response.headers["etag"] = f'W/"{project.version}"'
    return project
