"""The OpenAPI document: every operation with its problems and an example."""

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from .problems import MEDIA_TYPE, Problem

PREFIX = "/api/v1"
DOCUMENT = f"{PREFIX}/openapi.json"

_TEXT = """Search code and read it. Send `Authorization: Bearer TOKEN`. Errors are problem details (RFC 9457) whose `error`
and `hint` are what the command line prints. Fields are only ever added."""
_TAGS = {
    "search": "Questions in words, names, and code that resembles other code.",
    "files": "Files as they were indexed.",
    "projects": "Records of projects, and what each holds.",
    "jobs": "Index runs in processes of their own.",
    "events": "What happens, as it happens.",
    "installation": "What the server has installed.",
}
_PROBLEMS = {
    "401": "No token, or nobody's.",
    "403": "The token is not for this.",
    "404": "Not there, or not for you.",
    "409": "The project's state does not allow it.",
    "412": "The record changed since it was read.",
    "422": "A parameter is not as described.",
    "503": "A server, a model or time is lacking; try again.",
}


def describe(app: FastAPI) -> FastAPI:
    """Add the document and the route that returns it."""
    made: dict[str, Any] = {}

    def document() -> dict[str, Any]:
        if not made:
            made.update(_document(app))
        return made

    app.openapi = document  # type: ignore[method-assign]  # as FastAPI's documentation has it

    async def show(_: Request) -> Response:
        return JSONResponse(document())

    app.add_route(DOCUMENT, show, include_in_schema=False)
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title="codebase-core",
        version=version("codebase-core"),
        summary="Semantic and symbol search over indexed source code.",
        description=_TEXT,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
    )
    schemas = found["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    found["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"bearer": []}]
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {code: _problem(text) for code, text in _PROBLEMS.items()}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return found


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}
