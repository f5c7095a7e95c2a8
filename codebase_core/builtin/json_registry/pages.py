"""Pages of records: filtered, sorted and cut."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from codebase_core_hookspecs import ProjectPage, ProjectQuery, uncollected

from codebase_core.errors import CursorInvalid

from .state import Row, values

if TYPE_CHECKING:
    from .state import State

_FIELDS = {"created": "created_at", "updated": "updated_at", "name": "name"}
_LATE = datetime.max.replace(tzinfo=UTC)

Key: TypeAlias = "Callable[[Row], tuple[Any, str]]"


def page(state: State, query: ProjectQuery) -> ProjectPage:
    """Return one page; the cursor names the last record shown, whatever came or went before it."""
    key = _key(query)
    with uncollected():
        found = sorted(_matching(state, query), key=key, reverse=query.reverse)
        if query.cursor is not None:
            last = _read(query, key)
            found = [row for row in found if (key(row) < last if query.reverse else key(row) > last)]
        shown = found[: query.limit]
        projects = values(shown)
    return ProjectPage(projects=projects, cursor=_cursor(query, shown[-1]) if 0 < len(shown) < len(found) else None)


def _key(query: ProjectQuery) -> Key:
    """Return what a record is sorted by: its name, or how early it is, and its id."""
    field = _FIELDS[query.sort]
    if query.sort == "name":
        return lambda row: (row.fields[field].casefold(), row.fields["id"])
    return lambda row: (_LATE - datetime.fromisoformat(row.fields[field]), row.fields["id"])


def _matching(state: State, query: ProjectQuery) -> list[Row]:
    found = [row for row in state.projects.values() if (row.fields["deleted_at"] is not None) == query.deleted]
    if query.statuses:
        found = [row for row in found if row.fields["status"] in query.statuses]
    if query.tags:
        enough = query.tags.issubset if query.match == "all" else query.tags.intersection
        found = [row for row in found if enough(row.fields["tags"])]
    if query.text:
        wanted = query.text.casefold()
        found = [row for row in found if any(wanted in text.casefold() for text in _texts(row.fields))]
    return found


def _texts(fields: Mapping[str, Any]) -> Sequence[str]:
    return fields["name"], fields["description"] or "", *fields["tags"]


def _cursor(query: ProjectQuery, last: Row) -> str:
    text = json.dumps([query.sort, query.reverse, last.fields[_FIELDS[query.sort]], last.fields["id"]])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(query: ProjectQuery, key: Key) -> tuple[Any, str]:
    try:
        sort, reverse, last, id = json.loads(base64.urlsafe_b64decode(query.cursor or ""))
        if (sort, reverse) != (query.sort, query.reverse) or not isinstance(id, str):
            raise ValueError("of another order")
        return key(Row(line="", fields={_FIELDS[query.sort]: last, "id": id}))
    except (ValueError, TypeError, AttributeError) as exc:
        raise CursorInvalid(f"the cursor belongs to another query: {exc}", hint="begin again without one") from exc
