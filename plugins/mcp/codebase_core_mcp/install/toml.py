"""Set and remove one table of a TOML file that people edit: everything else stays as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_TOKEN = re.compile(
    r"""
    \"{3} (?:[^\\]|\\.)*? \"{3,5} | '{3} .*? '{3,5}  # texts of several lines; one or two quotes may end them as well
    | "(?:[^"\\\n]|\\.)*" | '[^'\n]*' | \#[^\n]* | \n | [][{}] | [^]["'\#\n{}]+
    """,
    re.DOTALL | re.VERBOSE,
)
_BLANK = re.compile(r"(?:[ \t]*\r?\n)*")


class Line(NamedTuple):
    """One key with its value, over all of its lines, or one header: ``table`` is what it opens, None for a key."""

    start: int
    end: int
    table: list[str] | None


def with_table(text: str, name: str, values: Mapping[str, Any]) -> str:
    """Return the text with a table set; raise ValueError if the text is not TOML, or has the table in another form."""
    lines = [f"[{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())]
    written = "\n".join(lines) + "\n"
    if table(text, name) is None:
        return text.rstrip("\r\n") + "\n\n" + written if text.strip() else written
    start, end = _section(text, name)
    return text[:start] + written + without_table(text[end:], name)


def without_table(text: str, name: str) -> str:
    """Return the text without a table and those below it; raise ValueError if it is there in another form."""
    while table(text, name) is not None:
        text = _without(text, *_section(text, name))
    return text


def table(text: str, name: str) -> Any:
    """Return a table's values, None if there is none."""
    found: Any = tomllib.loads(text)
    for key in name.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _section(text: str, name: str) -> tuple[int, int]:
    """Return where a table begins, or one below it, and where its last key ends; raise ValueError if no header opens it."""
    path = name.split(".")
    start = end = -1
    for line in _lines(text):
        if line.table is not None and line.table[: len(path)] == path and start < 0:
            start = line.start
        elif line.table is not None and start >= 0:
            break
        if start >= 0:
            end = line.end
    if start < 0:
        raise ValueError(f"it holds {name} in a form that is not known here")
    return start, end


def _without(text: str, start: int, end: int) -> str:
    """Cut a part out, and one of the two gaps that meet then."""
    before, after = text[:start], text[end:]
    if not after.strip():
        return before.rstrip("\r\n") + "\n" if before.strip() else ""
    gap = _BLANK.match(after)
    return before + (after[gap.end() :] if gap is not None and (not before or before.endswith("\n\n")) else after)


def _lines(text: str) -> Iterator[Line]:
    """Iterate over what is neither blank nor a comment, in a text that is TOML."""
    start, depth, said = 0, 0, ""
    for token in _TOKEN.finditer(text + "\n"):
        depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
        if token[0] == "\n" and depth == 0:
            if said.strip():
                yield Line(start, min(token.end(), len(text)), _opened(said))
            start, said = token.end(), ""
        elif not token[0].startswith("#"):
            said += token[0]


def _opened(line: str) -> list[str] | None:
    """Return the names in a header, whichever way they are quoted."""
    if not line.lstrip().startswith("["):
        return None
    path, found = [], tomllib.loads(line)
    while found:
        name, inner = next(iter(found.items()))
        path.append(name)
        found = inner[0] if isinstance(inner, list) else inner
    return path
