"""Questions: to one project, to several, to all that one may see."""

from codebase_core_hookspecs import Answer, MergedAnswer, RelatedRequest, SearchRequest, SymbolRequest
from fastapi import APIRouter

from codebase_core_http.access import TheMetrics, TheReader
from codebase_core_http.description import PREFIX

from .parameters import (
    File,
    Kinds,
    Limit,
    Line,
    ProjectName,
    Projects,
    Query_,
    SymbolName,
    TheExcerpt,
    TheFilters,
)

router = APIRouter(prefix=PREFIX, tags=["search"])


@router.get("/projects/{project}/search", operation_id="search_project")
async def search_project(
    *,
    project: ProjectName,
    query: Query_,
    reader: TheReader,
    metrics: TheMetrics,
    filters: TheFilters,
    excerpt: TheExcerpt,
    limit: Limit = 10,
) -> Answer:
    """Find code in a project by meaning, by words or by name."""
    answer = await reader.search(SearchRequest(query, limit=limit, filters=filters, excerpt=excerpt), project=project)
    metrics.timed(answer.timings)
    return answer


@router.get("/projects/{project}/symbols", operation_id="find_symbols")
async def find_symbols(
    *,
    project: ProjectName,
    name: SymbolName,
    reader: TheReader,
    filters: TheFilters,
    excerpt: TheExcerpt,
    kinds: Kinds = [],  # noqa: B006 - FastAPI copies it
    limit: Limit = 10,
) -> Answer:
    """Look up where a name is defined in a project."""
    return await reader.symbol(
        SymbolRequest(name, limit=limit, filters=filters, excerpt=excerpt, kinds=frozenset(kinds)), project=project
    )


@router.get("/projects/{project}/related", operation_id="find_related")
async def find_related(
    *,
    project: ProjectName,
    file: File,
    line: Line,
    reader: TheReader,
    filters: TheFilters,
    excerpt: TheExcerpt,
    limit: Limit = 10,
) -> Answer:
    """Find code that resembles what stands at a line of a file."""
    return await reader.related(
        RelatedRequest(file, line, limit=limit, filters=filters, excerpt=excerpt), project=project
    )


@router.get("/search", operation_id="search_projects")
async def search_projects(
    *,
    query: Query_,
    reader: TheReader,
    filters: TheFilters,
    excerpt: TheExcerpt,
    projects: Projects = [],  # noqa: B006
    limit: Limit = 10,
) -> MergedAnswer:
    """Find code in several projects, or in all that you may see, merged by rank."""
    request = SearchRequest(query, limit=limit, filters=filters, excerpt=excerpt)
    return await reader.ask_several(request, projects=projects)


@router.get("/symbols", operation_id="find_symbols_in_projects")
async def find_symbols_in_projects(
    *,
    name: SymbolName,
    reader: TheReader,
    filters: TheFilters,
    excerpt: TheExcerpt,
    kinds: Kinds = [],  # noqa: B006
    projects: Projects = [],  # noqa: B006
    limit: Limit = 10,
) -> MergedAnswer:
    """Look up where a name is defined in several projects, or in all that you may see."""
    request = SymbolRequest(name, limit=limit, filters=filters, excerpt=excerpt, kinds=frozenset(kinds))
    return await reader.ask_several(request, projects=projects)
