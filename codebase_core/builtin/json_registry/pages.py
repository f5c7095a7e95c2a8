"""Pages of records: filtered, sorted and cut."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from codebase_core_hookspecs import Project, ProjectPage, ProjectQuery

from codebase_core.errors import CursorInvalid

if TYPE_CHECKING:
    from .state import State

_LATE = datetime.max.replace(tzinfo=UTC)

Key: TypeAlias = tuple[Any, str]
_KEYS: Mapping[str, Callable[[Project], Any]] = {
    "created": lambda project: _LATE - project.created_at,
    "updated": lambda project: _LATE - project.updated_at,
    "name": lambda project: project.name.casefold(),
}
"""What records are sorted by: how late they are, or their name."""


def page(state: State, query: ProjectQuery) -> ProjectPage:
    """Return one page; the cursor names the last record shown, whatever came or went before it."""

    def key(project: Project) -> Key:
        return _KEYS[query.sort](project), str(project.id)

    found = sorted(_matching(state, query), key=key, reverse=query.reverse)
    if query.cursor is not None:
        last = _read(query)
        found = [project for project in found if (key(project) < last if query.reverse else key(project) > last)]
    shown = found[: query.limit]
    return ProjectPage(projects=shown, cursor=_cursor(query, shown[-1]) if 0 < len(shown) < len(found) else None)


def _matching(state: State, query: ProjectQuery) -> list[Project]:
    found = [project for project in state.projects.values() if (project.deleted_at is not None) == query.deleted]
    if query.statuses:
        found = [project for project in found if project.status in query.statuses]
    if query.tags:
        enough = query.tags.issubset if query.match == "all" else query.tags.intersection
        found = [project for project in found if enough(project.tags)]
    if query.text:
        wanted = query.text.casefold()
        found = [project for project in found if any(wanted in text.casefold() for text in _texts(project))]
    return found


def _texts(project: Project) -> Sequence[str]:
    return project.name, project.description or "", *project.tags


def _cursor(query: ProjectQuery, last: Project) -> str:
    times = {"created": last.created_at, "updated": last.updated_at}
    value = last.name if query.sort == "name" else times[query.sort].isoformat()
    text = json.dumps([query.sort, query.reverse, value, str(last.id)])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(query: ProjectQuery) -> Key:
    """Return the key of the record that a cursor names."""
    try:
        sort, reverse, value, id = json.loads(base64.urlsafe_b64decode(query.cursor or ""))
        if (sort, reverse) != (query.sort, query.reverse):
            raise ValueError("of another order")
        key = value.casefold() if sort == "name" else _LATE - datetime.fromisoformat(value)
        return key, str(UUID(id))
    except (ValueError, TypeError, AttributeError) as exc:
        raise CursorInvalid(f"the cursor belongs to another query: {exc}", hint="begin again without one") from exc
