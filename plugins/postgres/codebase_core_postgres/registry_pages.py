"""Pages of records: from a query to SQL, and from the last row to the cursor of the next page."""

from __future__ import annotations

import base64
import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import UUID

from codebase_core_hookspecs import CursorInvalid, Project, ProjectPage, ProjectQuery

from .registry_rows import COLUMNS, name_key, project_of

if TYPE_CHECKING:
    import asyncpg

    from .registry_database import RegistryDatabase

_LONG = 500
"""Records from which on a list is worth remembering."""

_COLUMNS = {"created": "created_at", "updated": "updated_at", "name": 'name_key COLLATE "C"'}


class Listed:
    """The records that the last long list read: of those that did not change since, the next one asks only the version."""

    def __init__(self) -> None:
        self._known: dict[UUID, Project] = {}

    async def records(self, database: RegistryDatabase, query: ProjectQuery) -> list[Project]:
        """Return what a query selects, before its text is compared."""
        if query.limit is not None or len(self._known) < _LONG:
            sql, arguments = _statement(query, COLUMNS)
            return self._keep(query, await database.fetch(sql, *arguments))
        known = self._known
        sql, arguments = _statement(query, "id, version, updated_at")
        rows = await database.fetch(sql, *arguments)
        changed = {id for id, version, updated_at in rows if not _is(known.get(id), version, updated_at)}
        read: dict[UUID, Project] = {}
        if changed:
            sql = f"SELECT {COLUMNS} FROM codebase_core.projects WHERE id = ANY($1::uuid[])"
            read = {project.id: project for project in map(project_of, await database.fetch(sql, list(changed)))}
            self._known = known | read if len(known) < 2 * max(len(rows), _LONG) else {}
        found = (read.get(row["id"]) if row["id"] in changed else known[row["id"]] for row in rows)
        # What somebody purged or deleted between the two statements is left out.
        return [each for each in found if each is not None and (each.deleted_at is not None) == query.deleted]

    def _keep(self, query: ProjectQuery, rows: Sequence[asyncpg.Record]) -> list[Project]:
        with _uncollected():
            found = [project_of(row) for row in rows]
            if query.limit is None and len(found) >= _LONG:
                self._known = {project.id: project for project in found}
        return found


def _is(project: Project | None, version: int, updated_at: datetime) -> bool:
    return project is not None and (project.version, project.updated_at) == (version, updated_at)


async def page(database: RegistryDatabase, query: ProjectQuery, listed: Listed) -> ProjectPage:
    """Return one page. Text is compared here: case folding is Python's, not that of some server's locale."""
    found = [project for project in await listed.records(database, query) if matches(project, query.text)]
    if query.limit is None or len(found) <= query.limit:
        return ProjectPage(projects=found)
    shown = found[: query.limit]
    return ProjectPage(projects=shown, cursor=_cursor(query, shown[-1]) if shown else None)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from going through ten thousand records while they are made: it takes longer than they do."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def matches(project: Project, text: str | None) -> bool:
    """Tell whether name, description or a tag holds a text, whatever the case."""
    if not text:
        return True
    wanted = text.casefold()
    return any(wanted in each.casefold() for each in (project.name, project.description or "", *project.tags))


def _statement(query: ProjectQuery, columns: LiteralString) -> tuple[str, Sequence[object]]:
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
    key_order, id_order = ("ASC" if ascending else "DESC"), ("DESC" if query.reverse else "ASC")
    if query.cursor is not None:
        key, last = _read(query)
        beyond, id_beyond = (">" if ascending else "<"), ("<" if query.reverse else ">")
        name = argument(key)
        conditions.append(f"({column} {beyond} {name} OR ({column} = {name} AND id {id_beyond} {argument(last)}))")
    sql = (
        f"SELECT {columns} FROM codebase_core.projects WHERE {' AND '.join(conditions)} "
        f"ORDER BY {column} {key_order}, id {id_order}"
    )
    if query.limit is not None and not query.text:
        sql += f" LIMIT {argument(query.limit + 1)}"
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
