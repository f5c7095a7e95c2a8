"""Jupyter notebooks as the source that people wrote: cells without their outputs, lines where the file has them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .language_names import languages_named

EXTENSION = ".ipynb"

_SLASHES = frozenset(
    {
        "javascript",
        "typescript",
        "scala",
        "kotlin",
        "java",
        "go",
        "rust",
        "csharp",
        "fsharp",
        "cpp",
        "c",
        "groovy",
        "swift",
    }
)
_MAGIC = re.compile(r"\s*(?:%|!|\?)")
_OPENS, _CLOSES, _STRING = (
    re.compile(r'\s*"source":\s*\[\s*$'),
    re.compile(r"\s*\],?\s*$"),
    re.compile(r'\s*(".*"),?\s*$'),
)


class Notebook(NamedTuple):
    """A notebook's language and its source; prose and what is no code of the language are comments."""

    language: str
    text: bytes


class _Cell(NamedTuple):
    kind: str
    lines: list[str]


def notebook(data: bytes) -> Notebook | None:
    """Return the source of a notebook; None for what is none.

    Where the file has each line of a cell on a line of its own, as Jupyter writes it, the source has it on the same line. Else
    cells follow each other, each under a line that tells its number.
    """
    try:
        document = json.loads(data)
        cells = [_cell(each) for each in document["cells"]]
        language = _language(document.get("metadata") or {})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    comment = "// " if language in _SLASHES else "# "
    placed = _placed(data.decode(errors="replace").split("\n"), cells)
    if placed is not None:
        lines = [_source(*found, comment) if found is not None else "" for found in placed]
    else:
        lines = list(_listed(cells, comment))
    return Notebook(language, ("\n".join(lines) + "\n").encode("utf-8", "replace"))


def _cell(cell: dict[str, Any]) -> _Cell:
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    return _Cell(str(cell["cell_type"]), text.split("\n"))


def _language(metadata: dict[str, Any]) -> str:
    named = (metadata.get("language_info") or {}).get("name") or (metadata.get("kernelspec") or {}).get("language")
    return min(languages_named(str(named))) if named else "python"


def _placed(file: list[str], cells: Iterable[_Cell]) -> list[tuple[str, str] | None] | None:
    """Return for each line of the file the cell's kind and line that it holds; None if they are not one to one."""
    kinds = [(cell.kind, line) for cell in cells if cell.lines != [""] for line in cell.lines]
    placed: list[tuple[str, str] | None] = []
    inside, taken = False, 0
    for line in file:
        found: tuple[str, str] | None = None
        string = _STRING.match(line) if inside else None
        if string is not None:
            if taken == len(kinds) or json.loads(string[1]).removesuffix("\n") != kinds[taken][1]:
                return None
            found = kinds[taken]
            taken += 1
        elif inside:
            inside = _CLOSES.match(line) is None
        else:
            inside = _OPENS.match(line) is not None
        placed.append(found)
    return placed if taken == len(kinds) else None


def _listed(cells: Iterable[_Cell], comment: str) -> Iterator[str]:
    for number, cell in enumerate(cells, 1):
        yield f"{comment}%% cell {number}{'' if cell.kind == 'code' else f' [{cell.kind}]'}"
        yield from (_source(cell.kind, line, comment) for line in cell.lines)


def _source(kind: str, line: str, comment: str) -> str:
    return line if kind == "code" and not _MAGIC.match(line) else f"{comment}{line}".rstrip()
