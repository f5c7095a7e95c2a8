"""What a repository's ``.codebase-mcp/config.json`` may say: never a database, server, model, URL or plugin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from codebase_core.errors import ConfigFileError, IllegalName, choices
from codebase_core.sources.ignore import parsed

from .json_records import explain_invalid
from .names import UNSTORABLE, check_name

_FIX = "fix the file, or remove it"


def _storable(text: str) -> str:
    if UNSTORABLE.search(text):
        raise ValueError("it holds a character that no database takes")
    return text


def _id(value: object) -> UUID:
    if not isinstance(value, str):
        raise ValueError("it should be a UUID as text")  # noqa: TRY004 - pydantic takes no other
    try:
        return UUID(value)  # in any of its spellings
    except ValueError:
        raise ValueError("it should be a valid UUID") from None


def _pattern(text: str) -> str:
    if text.strip() and not text.startswith("#") and parsed(text) is None:
        raise ValueError("it is not a pattern as in .gitignore")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Patterns = tuple[Annotated[str, AfterValidator(_pattern)], ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Project(_Table):
    name: Text | None = None
    id: Annotated[UUID, PlainValidator(_id)] | None = None


class Contents(_Table):
    """The whole file."""

    version: Any = None
    project: _Project = _Project()
    description: Text | None = None
    auto_switch: bool | None = None
    strict_mode: bool | None = None
    include: Patterns = ()
    exclude: Patterns = ()
    max_file_bytes: int | None = Field(default=None, ge=1)


def read_contents(file: Path, data: bytes) -> Contents:
    """Return what a file says; raise ConfigFileError, which names the field, its value and what is expected."""
    try:
        contents = Contents.model_validate_json(data.removeprefix(b"\xef\xbb\xbf"))
        if contents.project.name is not None:
            check_name(contents.project.name)
    except ValidationError as exc:
        raise _explained(file, exc) from exc
    except IllegalName as exc:
        raise ConfigFileError(f"{file}: {exc.message}", hint=exc.hint) from None
    return contents


def _explained(file: Path, error: ValidationError) -> ConfigFileError:
    unknown = next((wrong for wrong in error.errors(include_url=False) if wrong["type"] == "extra_forbidden"), None)
    if unknown is None:
        return ConfigFileError(f"{file}: {explain_invalid(error)}", hint=_FIX)
    *table, key = map(str, unknown["loc"])
    known = _Project.model_fields if table else Contents.model_fields
    hint = f"{choices(key, tuple(known))}; databases, servers, models and plugins belong into the user's own settings"
    return ConfigFileError(f"{file}: a repository may not set {key!r}", hint=hint)
