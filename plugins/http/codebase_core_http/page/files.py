"""The page of a file: its text with numbers, what it defines, and links to each line."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from codebase_core_http.access import TheReader

from .highlighting import code_lines
from .links import Lines, file_link, project_link
from .templates import render

router = APIRouter(include_in_schema=False)


@router.get("/projects/{project}/files/{repository}/{path:path}")
async def file(
    *,
    request: Request,
    project: str,
    repository: str,
    path: str,
    reader: TheReader,
    lines: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """Show a file as it was indexed; ``lines`` are marked."""
    found = await reader.file(path, project=project, repository=repository)
    outline = found.outline
    marked = Lines.read(lines)
    name = (await reader.project(project)).name
    return render(
        request,
        "file.html",
        {
            "project": name,
            "project_link": project_link(name),
            "outline": outline,
            "link": file_link(name, outline.repository, outline.path),
            "marked": marked,
            # A large file takes a while; others are answered meanwhile.
            "lines": await asyncio.to_thread(code_lines, found.text, language=outline.language, path=outline.path),
            "bytes": len(found.text.encode()),
        },
    )
