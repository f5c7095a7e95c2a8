"""The search page, and its results alone for whoever types."""

from time import perf_counter
from typing import Annotated, Any

from codebase_core_hookspecs import Excerpt, Filters, RelatedRequest, SearchRequest, SymbolRequest
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from codebase_core_http.access import TheMetrics, TheReader
from codebase_core_http.reader import Reader

from .hits import counted, of_answer, of_merged
from .links import MORE, MOST, SHOWN, SearchState
from .templates import render

router = APIRouter(include_in_schema=False)

QUERY_CHARACTERS = 4_000
KINDS = ("function", "method", "type", "const", "field", "namespace", "impl", "decl")
_EXCERPT = Excerpt()


def _state(
    q: Annotated[str, Query(max_length=QUERY_CHARACTERS)] = "",
    project: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006 - FastAPI copies it
    language: Annotated[str, Query(max_length=100)] = "",
    path: Annotated[str, Query(max_length=1_000)] = "",
    *,
    kind: Annotated[str, Query(max_length=100)] = "",
    tests: Annotated[str, Query(max_length=10)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = SHOWN,
) -> SearchState:
    return SearchState(
        q=q.strip(),
        projects=tuple(dict.fromkeys(filter(None, project))),
        language=language.strip(),
        path=path.strip(),
        kind=kind.strip(),
        tests=tests != "no",
        limit=limit,
    )


TheState = Annotated[SearchState, Depends(_state)]


@router.get("/")
async def search(request: Request, state: TheState, reader: TheReader, metrics: TheMetrics) -> HTMLResponse:
    """Show the form and what is found."""
    found = await _found(state, reader, metrics)
    projects = [project.name for project in await reader.projects()]
    return render(request, "search.html", {**found, "all_projects": sorted(projects), "kinds": KINDS})


@router.get("/results")
async def results(request: Request, state: TheState, reader: TheReader, metrics: TheMetrics) -> HTMLResponse:
    """Show what is found, to be put into the page."""
    return render(request, "results.html", await _found(state, reader, metrics))


@router.get("/related")
async def related(
    *,
    request: Request,
    reader: TheReader,
    project: Annotated[str, Query(max_length=500)],
    file: Annotated[str, Query(max_length=4_096)],
    line: Annotated[int, Query(ge=1, le=10_000_000)],
    repository: Annotated[str, Query(max_length=500)] = "",
) -> HTMLResponse:
    """Show code that resembles what stands at a line."""
    asked = RelatedRequest(f"{repository}/{file}" if repository else file, line, limit=MORE, excerpt=_EXCERPT)
    answer = await reader.related(asked, project=project)
    values = {"project": project, "file": file, "line": line, "hits": of_answer(answer), "note": answer.note}
    return render(request, "related.html", values)


async def _found(state: SearchState, reader: Reader, metrics: Any) -> dict[str, Any]:
    """Return what the templates show of an answer."""
    began = perf_counter()
    values: dict[str, Any] = {"state": state, "hits": [], "note": None, "unavailable": {}, "more": None}
    if state.q or state.kind:
        request = _request(state)
        if len(state.projects) == 1:
            (project,) = state.projects
            answer = (
                await reader.search(request, project=project)
                if isinstance(request, SearchRequest)
                else await reader.symbol(request, project=project)
            )
            metrics.timed(answer.timings)
            values |= {"hits": of_answer(answer), "note": answer.note}
        else:
            merged = await reader.ask_several(request, projects=state.projects)
            values |= {"hits": of_merged(merged), "unavailable": merged.unavailable}
    hits = values["hits"]
    more = min(MOST, state.limit + MORE)
    values["more"] = state.link(limit=more) if len(hits) >= state.limit < more else None
    values["languages"] = counted(each.hit.language for each in hits)
    values["found_projects"] = counted(each.project for each in hits)
    values["milliseconds"] = round(1000 * (perf_counter() - began))
    return values


def _request(state: SearchState) -> SearchRequest | SymbolRequest:
    """Return what is asked: a kind of definition can be asked for by name alone."""
    filters = Filters(
        languages=frozenset({state.language.lower()} if state.language else ()),
        path_globs=(state.path,) if state.path else (),
        without_roles=frozenset() if state.tests else frozenset({"test"}),
    )
    if state.kind:
        kinds = frozenset({state.kind})
        return SymbolRequest(state.q or "*", kinds=kinds, limit=state.limit, filters=filters, excerpt=_EXCERPT)
    return SearchRequest(state.q, limit=state.limit, filters=filters, excerpt=_EXCERPT)
