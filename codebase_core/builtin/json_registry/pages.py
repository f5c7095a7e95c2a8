"""Pages of records: filtered, sorted and cut."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import Project, ProjectPage, ProjectQuery

from codebase_core.errors import CursorInvalid

if TYPE_CHECKING:
    from .state import State

_KEYS: dict[str, Callable[[Project], Any]] = {
    "created": lambda project: project.created_at,
    "updated": lambda project: project.updated_at,
    "name": lambda project: project.name.casefold(),
}


def page(state: State, query: ProjectQuery) -> ProjectPage:
    """Return one page; the cursor names the last record shown, whatever came or went before it."""
    key = _KEYS[query.sort]
    rows = (row for row in state.projects.values() if (row.fields["deleted_at"] is not None) == query.deleted)
    found = [project for row in rows if _matches(project := row.value(), query)]
    found.sort(key=lambda project: project.id, reverse=query.reverse)
    descending = (query.sort == "name") == query.reverse
    found.sort(key=key, reverse=descending)
    if query.cursor is not None:
        last_key, last = _read(query)
        found = [
            each
            for each in found
            if (_text(key(each)) < last_key if descending else _text(key(each)) > last_key)
            or (_text(key(each)) == last_key and (str(each.id) < last if query.reverse else str(each.id) > last))
        ]
    if query.limit is None or len(found) <= query.limit:
        return ProjectPage(projects=found)
    shown = found[: query.limit]
    return ProjectPage(projects=shown, cursor=_cursor(query, key(shown[-1]), shown[-1]))


def _matches(project: Project, query: ProjectQuery) -> bool:
    if query.statuses and project.status not in query.statuses:
        return False
    if query.tags:
        enough = query.tags <= project.tags if query.match == "all" else query.tags & project.tags
        if not enough:
            return False
    if query.text:
        wanted = query.text.casefold()
        return any(wanted in each.casefold() for each in (project.name, project.description or "", *project.tags))
    return True


def _text(key: Any) -> str:
    return key if isinstance(key, str) else key.astimezone(UTC).isoformat(timespec="microseconds")


def _cursor(query: ProjectQuery, key: Any, last: Project) -> str:
    text = json.dumps([query.sort, query.reverse, _text(key), str(last.id)])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(query: ProjectQuery) -> tuple[str, str]:
    try:
        sort, reverse, key, last = json.loads(base64.urlsafe_b64decode(query.cursor or ""))
        if (sort, reverse) != (query.sort, query.reverse) or not isinstance(key, str) or not isinstance(last, str):
            raise ValueError("of another order")
    except (ValueError, TypeError) as exc:
        raise CursorInvalid(f"the cursor belongs to another query: {exc}", hint="begin again without one") from exc
    return key, last
