"""Pages of records: filtered, sorted and cut."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from codebase_core_hookspecs import ProjectPage, ProjectQuery, uncollected

from codebase_core.errors import CursorInvalid

if TYPE_CHECKING:
    from .state import State

Fields: TypeAlias = Mapping[str, Any]

_FIELDS = {"created": "created_at", "updated": "updated_at", "name": "name"}
_LATE = datetime.max.replace(tzinfo=UTC)


def page(state: State, query: ProjectQuery) -> ProjectPage:
    """Return one page; the cursor names the last record shown, whatever came or went before it."""
    key = _key(query)
    with uncollected():
        found = [row.fields for row in state.projects.values() if _matches(row.fields, query)]
        found.sort(key=key, reverse=query.reverse)
        if query.cursor is not None:
            last = _read(query, key)
            found = [each for each in found if (key(each) < last if query.reverse else key(each) > last)]
        shown = found[: query.limit]
        projects = state.values(shown)
    return ProjectPage(projects=projects, cursor=_cursor(query, shown[-1]) if 0 < len(shown) < len(found) else None)


def _key(query: ProjectQuery) -> Callable[[Fields], tuple[Any, str]]:
    """Return what a record is sorted by: its name, or how early it is, and its id."""
    field = _FIELDS[query.sort]
    if query.sort == "name":
        return lambda fields: (fields[field].casefold(), fields["id"])
    return lambda fields: (_LATE - datetime.fromisoformat(fields[field]), fields["id"])


def _matches(fields: Fields, query: ProjectQuery) -> bool:
    if (fields["deleted_at"] is not None) != query.deleted:
        return False
    if query.statuses and fields["status"] not in query.statuses:
        return False
    if query.tags:
        enough = query.tags.issubset if query.match == "all" else query.tags.intersection
        if not enough(fields["tags"]):
            return False
    if query.text:
        wanted = query.text.casefold()
        return any(wanted in each.casefold() for each in (fields["name"], fields["description"] or "", *fields["tags"]))
    return True


def _cursor(query: ProjectQuery, last: Fields) -> str:
    text = json.dumps([query.sort, query.reverse, last[_FIELDS[query.sort]], last["id"]])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(query: ProjectQuery, key: Callable[[Fields], tuple[Any, str]]) -> tuple[Any, str]:
    try:
        sort, reverse, last, id = json.loads(base64.urlsafe_b64decode(query.cursor or ""))
        if (sort, reverse) != (query.sort, query.reverse) or not isinstance(id, str):
            raise ValueError("of another order")
        return key({_FIELDS[query.sort]: last, "id": id})
    except (ValueError, TypeError, AttributeError) as exc:
        raise CursorInvalid(f"the cursor belongs to another query: {exc}", hint="begin again without one") from exc
