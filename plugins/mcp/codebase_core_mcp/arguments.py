"""The arguments of the tools as models: what they accept, how it is described to agents, and what is said of a wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

LIST_ITEMS, NAME_CHARACTERS, QUERY_CHARACTERS = 20, 500, 20_000
LIMIT, MAX_TOKENS = 8, 4_000
_SHOWN_CHARACTERS = 60

Name = Annotated[str, StringConstraints(max_length=NAME_CHARACTERS)]
Query = Annotated[str, StringConstraints(max_length=QUERY_CHARACTERS, pattern=r"\S")]
Names = Annotated[list[Name], Field(max_length=LIST_ITEMS)]


class Arguments(BaseModel):
    """What every tool's arguments have in common: an unknown one is an error, and null is as good as none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    project: Name | None = Field(
        default=None, description="Project name or id; default: the one of the working directory"
    )
    path: Name | None = Field(default=None, description="Absolute folder; default: the working directory")


class _Bounded(Arguments):
    limit: int = Field(default=LIMIT, ge=1, le=50, description=f"Most hits; default {LIMIT}")
    max_tokens: int = Field(
        default=MAX_TOKENS, ge=200, le=50_000, description=f"Size of the answer; default {MAX_TOKENS}"
    )


class SearchCode(_Bounded):
    """Find code by meaning, words or symbol name."""

    query: Query | Annotated[list[Query], Field(min_length=1, max_length=LIST_ITEMS)] = Field(
        description="Question or name; a list asks several at once"
    )
    repository: Name | None = Field(default=None, description="Only this repository of the project")
    globs: Names = Field(default=[], description="Only these paths, as src/**/*.py or a folder")
    languages: Names = Field(default=[], description="Only languages, as python")
    only: Names = Field(default=[], description="Only code, tests, docs, examples")
    without: Names = Field(default=[], description="None of these")
    explain: bool = Field(default=False, description="Show stages of scores")


class FindRelated(_Bounded):
    """Find code that resembles what stands at a line."""

    file: Name = Field(description="Path, absolute or as in an answer")
    line: int = Field(ge=1, le=10_000_000, description="From 1")


class IndexRepository(Arguments):
    """Start indexing a folder in the background; returns a job at once. Only needed to force it."""

    force: bool = Field(default=False, description="Read every file again")


class GetIndexingStatus(Arguments):
    """What is indexed, how fresh it is, how far a job is."""

    job: Name | None = Field(default=None, description="A job's id")
    wait: int = Field(default=0, ge=0, le=50, description="Seconds to wait for the job's end")


class SetWorkingDirectory(BaseModel):
    """Set the folder that later calls are about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Name = Field(description="Absolute folder")


class ListProjects(BaseModel):
    """List indexed projects."""

    model_config = ConfigDict(extra="forbid", frozen=True)


MODELS: Mapping[str, type[BaseModel]] = {
    "search_code": SearchCode,
    "find_related": FindRelated,
    "index_repository": IndexRepository,
    "get_indexing_status": GetIndexingStatus,
    "set_working_directory": SetWorkingDirectory,
    "list_projects": ListProjects,
}
"""The model of each tool's arguments."""


def short_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return a model's JSON schema in few tokens: without titles, defaults, null, and bounds that no honest call meets."""
    full = model.model_json_schema()
    properties = {name: _short(schema) for name, schema in full.get("properties", {}).items()}
    return {"type": "object", "properties": properties, "required": full.get("required", [])}


def _short(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_short(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    unsaid = ("title", "default", "maxLength", "minLength", "maxItems", "minItems", "pattern")
    kept = {key: _short(value) for key, value in schema.items() if key not in unsaid}
    if {"type": "null"} in kept.get("anyOf", ()):
        (only,) = (each for each in kept.pop("anyOf") if each != {"type": "null"})
        return only | kept
    return kept


def explain_invalid(error: ValidationError) -> str:
    """Say which argument is wrong, its value, and what is expected; the first one only."""
    details = error.errors(include_url=False, include_context=True)
    # Of the forms that an argument may have, the one that it nearly is.
    kinds = {"string_type", "list_type"}
    wrong = next((each for each in details if each["type"] not in kinds), details[0])
    field = ".".join(str(part) for part in wrong["loc"] if isinstance(part, int) or part.isidentifier()) or "arguments"
    bounds = wrong.get("ctx", {})
    match wrong["type"]:
        case "missing":
            return f"{field}: is required"
        case "extra_forbidden":
            return f"{field}: is not an argument of this tool"
        case "string_too_long":
            expected = f"at most {bounds['max_length']:,} characters are expected"
        case "too_long":
            expected = f"at most {bounds['max_length']} items are expected"
        case "too_short" | "string_pattern_mismatch":
            expected = "it is empty"
        case _:
            expected = wrong["msg"].replace("Input should", "it should")
    value = repr(wrong["input"])
    shown = value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
    return f"{field}: {shown} is not valid: {expected}"
