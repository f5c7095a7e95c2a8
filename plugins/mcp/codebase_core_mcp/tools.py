"""The tools that agents see. Every client pays for these words in every conversation: they are few and short."""

from __future__ import annotations

from typing import Any

from mcp.types import Tool, ToolAnnotations

INSTRUCTIONS = """\
Semantic and symbol search over indexed source code. Ask search_code before grepping or listing folders: in plain words for \
"where/how", or a definition's name. Read the file only when the passage is not enough. A folder that is not indexed is indexed \
by the first search; while `indexing` is reported, results are partial: go on working, do not start it again. Files that changed \
are indexed before an answer; there is no need to re-index after edits. With several projects pass `project`."""

LIST_ITEMS, NAME_CHARACTERS = 20, 500
LIMIT, MAX_TOKENS = 8, 4_000


def _object(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _text(description: str | None = None, *, most: int = NAME_CHARACTERS) -> dict[str, Any]:
    described = {"description": description} if description else {}
    return {"type": "string", "maxLength": most} | described


def _number(least: int, most: int, description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "description": description}


def _texts(description: str) -> dict[str, Any]:
    return {"type": "array", "items": _text(), "maxItems": LIST_ITEMS, "description": description}


_QUERY = {"type": "string", "maxLength": 4_000, "pattern": r"\S"}
_PROJECT = _text("Project name or id; default: the one of the working directory")
_PATH = _text("Absolute folder; default: the working directory")
_LIMIT = _number(1, 50, f"Most hits; default {LIMIT}")
_TOKENS = _number(200, 50_000, f"Size of the answer; default {MAX_TOKENS}")

CHECKED = (
    Tool(
        name="search_code",
        description="Find code by meaning, words or symbol name.",
        input_schema=_object(
            ["query"],
            query={
                "anyOf": [
                    _QUERY,
                    {"type": "array", "items": _QUERY, "minItems": 1, "maxItems": LIST_ITEMS},
                ],
                "description": "Question or name; a list asks several at once",
            },
            project=_PROJECT,
            path=_PATH,
            repository=_text("Only this repository of the project"),
            globs=_texts("Only these paths, as src/**/*.py or a folder"),
            languages=_texts("Only these languages, as python"),
            limit=_LIMIT,
            max_tokens=_TOKENS,
            explain={"type": "boolean", "description": "Show how scores came about"},
        ),
        annotations=ToolAnnotations(read_only_hint=True),
    ),
    Tool(
        name="find_related",
        description="Find code that resembles what stands at a line.",
        input_schema=_object(
            ["file", "line"],
            file=_text("Path, absolute or as in an answer"),
            line=_number(1, 10_000_000, "From 1"),
            project=_PROJECT,
            path=_PATH,
            limit=_LIMIT,
            max_tokens=_TOKENS,
        ),
        annotations=ToolAnnotations(read_only_hint=True),
    ),
    Tool(
        name="index_repository",
        description="Start indexing a folder in the background; returns a job at once. Only needed to force it.",
        input_schema=_object(
            [], path=_PATH, project=_PROJECT, force={"type": "boolean", "description": "Read every file again"}
        ),
        annotations=ToolAnnotations(read_only_hint=False, destructive_hint=False),
    ),
    Tool(
        name="get_indexing_status",
        description="What is indexed, how fresh it is, how far a job is.",
        input_schema=_object(
            [],
            path=_PATH,
            project=_PROJECT,
            job=_text("A job's id"),
            wait=_number(0, 50, "Seconds to wait for the job's end"),
        ),
        annotations=ToolAnnotations(read_only_hint=True),
    ),
    Tool(
        name="set_working_directory",
        description="Set the folder that later calls are about.",
        input_schema=_object(["path"], path=_text("Absolute folder")),
        annotations=ToolAnnotations(read_only_hint=True),
    ),
    Tool(
        name="list_projects",
        description="List indexed projects.",
        input_schema=_object([]),
        annotations=ToolAnnotations(read_only_hint=True),
    ),
)
"""The tools with every bound on their arguments, as they are checked."""


def _short(schema: Any) -> Any:
    """Return a schema without the bounds that no honest call meets."""
    if isinstance(schema, dict):
        unsaid = ("maxLength", "maxItems", "minItems", "pattern", "additionalProperties")
        return {key: _short(value) for key, value in schema.items() if key not in unsaid}
    return [_short(each) for each in schema] if isinstance(schema, list) else schema


TOOLS = tuple(tool.model_copy(update={"input_schema": _short(tool.input_schema)}) for tool in CHECKED)
"""The tools as they are listed."""
