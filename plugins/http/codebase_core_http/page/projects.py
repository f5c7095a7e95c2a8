"""The pages of projects: all of them, and each with what it holds."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from codebase_core_hookspecs import CodebaseCoreError, Project, WorkspaceStatus
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from codebase_core_http.access import TheReader
from codebase_core_http.reader import Reader

from .links import SearchState, project_link
from .templates import render

router = APIRouter(include_in_schema=False)

_AT_ONCE = 4
_SHOWN = 50
_BAR_WIDTH, _LANGUAGES = 1_000, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A language's part of a bar: where it begins and how wide it is, of 1,000; ``rank`` gives its colour."""

    name: str
    files: int
    percent: float
    start: float
    width: float
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProject:
    """A project with what it holds, or why nobody can say."""

    project: Project
    link: str
    search: str
    status: WorkspaceStatus | None = None
    languages: tuple[Part, ...] = ()
    problem: str | None = None


@router.get("/projects")
async def projects(
    request: Request, reader: TheReader, text: Annotated[str, Query(max_length=500)] = ""
) -> HTMLResponse:
    """List the projects that the reader sees."""
    wanted = text.strip().casefold()
    found = [p for p in await reader.projects() if wanted in f"{p.name} {p.description} {' '.join(p.tags)}".casefold()]
    turns = asyncio.Semaphore(_AT_ONCE)

    async def looked(project: Project) -> ShownProject:
        async with turns:
            return await _looked(project, reader)

    shown = await asyncio.gather(*map(looked, found[:_SHOWN]))
    return render(request, "projects.html", {"projects": shown, "all": len(found), "text": text})


@router.get("/projects/{project}")
async def project(request: Request, project: str, reader: TheReader) -> HTMLResponse:
    """Show what a project holds."""
    return render(request, "project.html", {"shown": await _looked(await reader.project(project), reader)})


async def _looked(project: Project, reader: Reader) -> ShownProject:
    shown: dict[str, Any] = {
        "project": project,
        "link": project_link(project.name),
        "search": SearchState(projects=(project.name,)).link(),
    }
    try:
        status = await reader.status(str(project.id))
    except CodebaseCoreError as exc:
        return ShownProject(**shown, problem=exc.message)
    languages = status.status.statistics.languages if status.status is not None else {}
    return ShownProject(**shown, status=status, languages=_bar(dict(languages)))


def _bar(languages: dict[str, int]) -> tuple[Part, ...]:
    """Return the parts of a bar, the most frequent language first; what is rare is taken together."""
    ranked = sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ranked[:_LANGUAGES]
    if rest := sum(count for _, count in ranked[_LANGUAGES:]):
        shown.append(("other", rest))
    whole = sum(count for _, count in shown) or 1
    parts: list[Part] = []
    start = 0.0
    for rank, (name, count) in enumerate(shown):
        width = _BAR_WIDTH * count / whole
        parts.append(
            Part(
                name=name,
                files=count,
                percent=round(100 * count / whole, 1),
                start=round(start, 1),
                width=round(width, 1),
                rank=rank,
            )
        )
        start += width
    return tuple(parts)
