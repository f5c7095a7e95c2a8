"""Labelled queries: what is asked, and which files or lines answer it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebase_core.errors import QueriesMalformed

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

EXAMPLE = '{"query": "where are connections pooled", "relevant": ["src/pool.py", {"path": "src/db.py", "start": 10, "end": 40}]}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file that answers a query, or lines of it, 1-based and inclusive."""

    path: str
    start: int | None = None
    end: int | None = None

    def is_met_by(self, hit: Hit) -> bool:
        """Tell whether a hit shows it: the file, and at least one of the lines if there are any."""
        if hit.path != self.path:
            return False
        return self.start is None or (hit.start_line <= (self.end or self.start) and hit.end_line >= self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuery:
    """A query with its answers; ``category`` and ``language`` group the scores."""

    query: str
    relevant: tuple[Target, ...]
    category: str = ""
    language: str = ""


def read_queries(path: Path) -> list[LabelledQuery]:
    """Read one JSON object a line; raise QueriesMalformed naming the first line that is wrong."""
    try:
        with path.open(encoding="utf-8") as file:
            found = list(_parsed(path, file))
    except (OSError, UnicodeDecodeError) as exc:
        raise QueriesMalformed(f"cannot read {path}: {exc}", hint=f"one JSON object a line: {EXAMPLE}") from exc
    if not found:
        raise QueriesMalformed(f"{path} holds no query", hint=f"one JSON object a line: {EXAMPLE}")
    return found


def _parsed(path: Path, lines: Iterator[str]) -> Iterator[LabelledQuery]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _query(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as exc:
            why = f"{exc.args[0]!r} is missing" if isinstance(exc, KeyError) else str(exc)
            raise QueriesMalformed(f"{path}:{number}: {why}", hint=f"write it as {EXAMPLE}") from exc


def _query(record: dict[str, Any]) -> LabelledQuery:
    targets = tuple(_target(each) for each in record["relevant"])
    if not targets or isinstance(record["relevant"], str):
        raise ValueError("'relevant' is a list of at least one path")
    if not isinstance(record["query"], str) or not record["query"].strip():
        raise ValueError("'query' is a text")
    return LabelledQuery(
        query=record["query"],
        relevant=targets,
        category=str(record.get("category") or ""),
        language=str(record.get("language") or ""),
    )


def _target(value: str | dict[str, Any]) -> Target:
    if isinstance(value, str):
        return Target(path=value)
    start, end = value.get("start"), value.get("end")
    if any(line is not None and (not isinstance(line, int) or line < 1) for line in (start, end)):
        raise ValueError("'start' and 'end' are lines, from 1")
    return Target(path=value["path"], start=start, end=end)
