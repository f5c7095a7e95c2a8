"""The reference of the public interface in Python, written from what the package exports."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from textwrap import dedent

import codebase_core
from codebase_core import sync

from .contract import WRITTEN

WITHOUT_SYNC = (
    *(
        "aclose",
        "searcher",
        "fresh_searcher",
        "open",
        "open_checkout",
        "changes",
        "refresh",
        "find_any",
        "id_of",
        "run_of",
    ),
    *("scan", "status_of"),
)
"""What builds on the asynchronous objects, or serves the command line and servers."""


def python_page() -> str:
    """Return docs/reference/python.md."""
    lines = ["# Python", "", WRITTEN, "", "[How to use it](../python.md) has examples of each."]
    for name in sorted(codebase_core.__all__):
        value = getattr(codebase_core, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            lines += ["", f"## {name}", "", *_described(name, value)]
    lines += ["", "## codebase_core.sync.App", "", "The methods of `App` without `await`, and `close()`: "]
    lines[-1] += ", ".join(f"`{method}`" for method in sorted(sync_methods())) + "."
    return "\n".join(lines) + "\n"


def sync_methods() -> set[str]:
    """Return the names of the methods of the synchronous application that the asynchronous one has, too."""
    return {name for name in vars(sync.App) if not name.startswith("_")} & set(vars(codebase_core.App))


def _described(name: str, value: type | object) -> Iterator[str]:
    if inspect.isfunction(value):
        yield f"`{name}{_signature(value)}`"
        yield ""
    yield dedent(inspect.getdoc(value) or "").replace("``", "`")
    if not inspect.isclass(value):
        return
    if dataclasses.is_dataclass(value):
        fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(value))
        yield from ("", f"Fields: {fields}.")
    for method, function in vars(value).items():
        if method.startswith("_") or not inspect.isfunction(function):
            continue
        kind = "await " if inspect.iscoroutinefunction(function) else ""
        said = " ".join((inspect.getdoc(function) or "").replace("``", "`").split())
        yield from ("", f"- `{kind}{method}{_signature(function)}`: {said}")


class _Shown:
    """A default as a reader writes it: objects of no value as a call, functions as dots."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        if callable(self.value):
            return "..."
        if isinstance(self.value, PurePath):
            return "Path()"
        if isinstance(self.value, Mapping):
            return "{}"
        return f"{type(self.value).__name__}()" if dataclasses.is_dataclass(self.value) else repr(self.value)


def _signature(function: object) -> str:
    assert callable(function)
    found = inspect.signature(function)
    own = [
        parameter if parameter.default is parameter.empty else parameter.replace(default=_Shown(parameter.default))
        for parameter in found.parameters.values()
        if parameter.name not in ("self", "cls")
    ]
    return str(found.replace(parameters=own)).replace("'", "")
