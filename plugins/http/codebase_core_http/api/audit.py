"""Who changed what and when, for administrators."""

from collections.abc import Sequence
from typing import Annotated

from codebase_core_hookspecs import AuditEntry
from fastapi import APIRouter, HTTPException, Query

from codebase_core_http.access import TheAdministrator
from codebase_core_http.description import PREFIX

from .parameters import ProjectName

router = APIRouter(prefix=PREFIX, tags=["projects"])

Newest = Annotated[int, Query(alias="limit", description="Most entries, the newest.", ge=1, le=1_000)]


@router.get("/projects/{project}/history", operation_id="project_history")
async def project_history(project: ProjectName, reader: TheAdministrator, limit: Newest = 100) -> Sequence[AuditEntry]:
    """Return the changes of a project's record, oldest first, each with who made it."""
    return await reader.service.history((await reader.project(project)).id, limit=limit)


@router.get("/audit", operation_id="audit")
async def audit(reader: TheAdministrator, limit: Newest = 100) -> Sequence[AuditEntry]:
    """Return the changes of all projects and tokens, oldest first; of a token, whose id then stands for a project's."""
    if not reader.principal.unrestricted:
        raise HTTPException(404)
    return await reader.service.history(limit=limit)
