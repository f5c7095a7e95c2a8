"""Set and remove one table of a TOML file that people edit: everything else stays as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any


def with_table(text: str, name: str, values: Mapping[str, Any]) -> str:
    """Return the text with a table set; raise ValueError if the text is not TOML, or has the table in another form."""
    if table(text, name) is not None:
        text = without_table(text, name)
        if table(text, name) is not None:
            raise ValueError(f"it holds {name} in a form that is not known here")
    lines = [f"[{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())]
    gap = "\n" if text.strip() else ""
    return (text.rstrip("\n") + "\n" if text.strip() else "") + gap + "\n".join(lines) + "\n"


def without_table(text: str, name: str) -> str:
    """Return the text without a table and those below it."""
    header = re.escape(name)
    section = re.compile(rf"^\[{header}(\.[^\]]*)?\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|\Z))*", re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", section.sub("", text)).rstrip("\n") + "\n" if section.search(text) else text


def table(text: str, name: str) -> Any:
    """Return a table's values, None if there is none."""
    found: Any = tomllib.loads(text)
    for key in name.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found
