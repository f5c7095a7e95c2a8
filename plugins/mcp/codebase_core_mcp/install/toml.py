"""Set and remove one table of a TOML file that people edit: everything else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import AoT, Item, Table

if TYPE_CHECKING:
    from tomlkit.container import Container

_MARK = "\0"  # not valid in TOML, so it is nowhere else
_BLANK = re.compile(r"(?:[ \t]*\r?\n)*")


def with_table(text: str, name: str, values: Mapping[str, Any]) -> str:
    """Return the text with a table set; raise ValueError if the text is not TOML, or has the table in another form."""
    inline = {
        key: tomlkit.item(value, _parent=tomlkit.array()) if isinstance(value, dict) else value
        for key, value in values.items()
    }
    written = f"[{name}]\n{tomlkit.dumps(inline)}"
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
    found: Any = tomlkit.parse(text).unwrap()
    for key in name.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _section(text: str, name: str) -> tuple[int, int]:
    """Return where a table begins, or one below it, and where its last key ends; raise ValueError if no header opens it.

    tomlkit counts the comments behind a table's last key as the table's own; they are about what follows, and stay.
    """
    document, path = tomlkit.parse(text), name.split(".")
    section: list[Table] = []
    for place, opened in _headers(document, ()):
        if list(place[: len(path)]) == path:
            section.append(opened)
        elif section:
            break
    if not section:
        raise ValueError(f"it holds {name} in a form that is not known here")
    keys = [item for key, item in section[-1].value.body if key is not None and not isinstance(item, Table | AoT)]
    section[0].trivia.indent = _MARK + section[0].trivia.indent
    last: Item = keys[-1] if keys else section[-1]
    last.trivia.trail += _MARK
    before, inner, _ = document.as_string().split(_MARK)
    return len(before), len(before) + len(inner)


def _headers(container: Container, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Table]]:
    """Iterate over the tables that a header opens, in the order of the file."""
    for key, item in container.body:
        if key is None or key.is_dotted():
            continue
        for opened in item.body if isinstance(item, AoT) else [item]:
            if isinstance(opened, Table):
                place = (*path, key.key)
                if not opened.is_super_table():
                    yield place, opened
                yield from _headers(opened.value, place)


def _without(text: str, start: int, end: int) -> str:
    """Cut a part out, and one of the two gaps that meet then."""
    before, after = text[:start], text[end:]
    if not after.strip():
        return before.rstrip("\r\n") + "\n" if before.strip() else ""
    gap = _BLANK.match(after)
    return before + (after[gap.end() :] if gap is not None and (not before or before.endswith("\n\n")) else after)
