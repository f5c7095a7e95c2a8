"""Pages of records: from a query to SQL, and from the last row to the cursor of the next page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import CursorInvalid, Project, ProjectPage, ProjectQuery

from .rows import COLUMNS, name_key, projects_of

if TYPE_CHECKING:
    from .database import RegistryDatabase

_COLUMNS = {"created": "created_at", "updated": "updated_at", "name": 'name_key COLLATE "C"'}
_LATE = datetime.max.replace(tzinfo=UTC)
_KEYS: dict[str, Callable[[Project], tuple[Any, UUID]]] = {
    "created": lambda project: (_LATE - project.created_at, project.id),
    "updated": lambda project: (_LATE - project.updated_at, project.id),
    "name": lambda project: (name_key(project.name), project.id),
}


async def page(database: RegistryDatabase, query: ProjectQuery) -> ProjectPage:
    """Return one page. Text is compared here: case folding is Python's, not that of some server's locale.

    Where all rows are read anyway they are sorted here too: the first ones come while the server still reads the last.
    """
    limit = query.limit if not query.text else None
    sql, arguments = _statement(query, limit=limit)
    found = projects_of(await database.fetch(sql, *arguments))
    if query.text:
        found = [project for project in found if matches(project, query.text)]
    if limit is None:
        found.sort(key=_KEYS[query.sort], reverse=query.reverse)
    shown = found[: query.limit]
    return ProjectPage(projects=shown, cursor=_cursor(query, shown[-1]) if 0 < len(shown) < len(found) else None)


def matches(project: Project, text: str) -> bool:
    """Tell whether name, description or a tag holds a text, whatever the case."""
    wanted = text.casefold()
    return any(wanted in each.casefold() for each in (project.name, project.description or "", *project.tags))


def _statement(query: ProjectQuery, *, limit: int | None) -> tuple[str, Sequence[object]]:
    arguments: list[object] = []

    def argument(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    conditions = [f"deleted_at IS {'NOT ' * query.deleted}NULL"]
    if query.tags:
        operator = "@>" if query.match == "all" else "&&"
        conditions.append(f"tags {operator} {argument(sorted(query.tags))}::text[]")
    if query.statuses:
        conditions.append(f"status = ANY({argument(sorted(query.statuses))}::text[])")
    column = _COLUMNS[query.sort]
    ascending = (query.sort == "name") != query.reverse
    if query.cursor is not None:
        key, last = _read(query)
        beyond, id_beyond = (">" if ascending else "<"), ("<" if query.reverse else ">")
        name = argument(key)
        conditions.append(f"({column} {beyond} {name} OR ({column} = {name} AND id {id_beyond} {argument(last)}))")
    sql = f"SELECT {COLUMNS} FROM codebase_core.projects WHERE {' AND '.join(conditions)}"
    if limit is not None:
        order = f"{column} {'ASC' if ascending else 'DESC'}, id {'DESC' if query.reverse else 'ASC'}"
        sql += f" ORDER BY {order} LIMIT {argument(limit + 1)}"
    return sql, arguments


def _cursor(query: ProjectQuery, last: Project) -> str:
    key: Any = {"created": last.created_at, "updated": last.updated_at, "name": name_key(last.name)}[query.sort]
    text = json.dumps([query.sort, query.reverse, key if query.sort == "name" else key.isoformat(), str(last.id)])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(query: ProjectQuery) -> tuple[object, UUID]:
    try:
        sort, reverse, key, last = json.loads(base64.urlsafe_b64decode(query.cursor or ""))
        if (sort, reverse) != (query.sort, query.reverse):
            raise ValueError("of another order")
        return key if sort == "name" else datetime.fromisoformat(key), UUID(last)
    except (ValueError, TypeError) as exc:
        raise CursorInvalid(f"the cursor belongs to another query: {exc}", hint="begin again without one") from exc
