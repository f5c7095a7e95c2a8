"""Pages of records: filtered, searched, sorted, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from codebase_core_hookspecs import CursorInvalid, ProjectQuery, Registry

from .base import RegistryKit, deleted, record

QUERIES: dict[str, tuple[ProjectQuery, list[str]]] = {
    "by name": (ProjectQuery(sort="name"), ["alpha", "Beta", "gamma"]),
    "newest first": (ProjectQuery(), ["gamma", "Beta", "alpha"]),
    "oldest first": (ProjectQuery(reverse=True), ["alpha", "Beta", "gamma"]),
    "by name, reversed": (ProjectQuery(sort="name", reverse=True), ["gamma", "Beta", "alpha"]),
    "by the last change": (ProjectQuery(sort="updated"), ["alpha", "gamma", "Beta"]),
    "a name": (ProjectQuery(text="BET"), ["Beta"]),
    "a description": (ProjectQuery(text="ÜBER"), ["alpha"]),
    "a tag as text": (ProjectQuery(text="tagged", sort="name"), ["alpha", "gamma"]),
    "no pattern": (ProjectQuery(text="%"), []),
    "all tags": (ProjectQuery(tags=frozenset({"tagged", "x"})), ["gamma"]),
    "any tag": (ProjectQuery(tags=frozenset({"tagged", "x"}), match="any", sort="name"), ["alpha", "gamma"]),
    "statuses": (ProjectQuery(statuses=frozenset({"failed", "dropping"})), ["Beta"]),
    "deleted": (ProjectQuery(deleted=True), ["gone"]),
    "a limit": (ProjectQuery(text="a", sort="name", limit=1), ["alpha"]),
}


class Pages(RegistryKit):
    """``page``."""

    @pytest.mark.parametrize(("query", "names"), QUERIES.values(), ids=QUERIES)
    async def test_records_are_filtered_searched_and_sorted(
        self, registry: Registry, query: ProjectQuery, names: list[str]
    ) -> None:
        """By text in names, descriptions and tags, by tags, by status."""
        alpha, beta, gamma, gone = (
            replace(record(name), description=None) for name in ("alpha", "Beta", "gamma", "gone")
        )
        alpha = replace(alpha, tags=frozenset({"tagged"}), description="Über alles")
        await registry.create(alpha, actor="me")
        await registry.create(replace(beta, tags=frozenset(), status="failed"), actor="me")
        await registry.create(replace(gamma, tags=frozenset({"tagged", "x", "y"})), actor="me")
        await registry.update(deleted(await registry.create(gone, actor="me")), actor="me", action="delete")
        await registry.update(replace(alpha, metadata={}), actor="me", action="describe")
        assert [project.name for project in (await registry.page(query)).projects] == names

    @pytest.mark.parametrize("sort", ["created", "updated", "name"])
    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize("text", [None, "p"])
    async def test_pages_show_every_record_once_whatever_comes_and_goes_between(
        self, registry: Registry, sort: Any, reverse: bool, text: str | None
    ) -> None:
        """Also records of the same moment, and when the last one shown is gone."""
        now = datetime.now(UTC)
        made = []
        for number in range(7):
            same = replace(record(f"p{number}"), created_at=now.replace(microsecond=number // 3))
            made.append(await registry.create(same, actor="me"))
        query = ProjectQuery(sort=sort, reverse=reverse, limit=2, text=text)
        whole = [project.id for project in (await registry.page(replace(query, limit=None))).projects]
        assert sorted(whole) == sorted(project.id for project in made)
        seen, cursor = [], None
        while True:
            found = await registry.page(replace(query, cursor=cursor))
            seen += [project.id for project in found.projects]
            if (cursor := found.cursor) is None:
                break
            assert len(found.projects) == 2
            shown = await registry.get(seen[-1])
            assert shown is not None
            if shown.status == "active":
                dropping = await registry.update(replace(shown, status="dropping"), actor="me", action="x")
                await registry.purge(dropping.id, actor="me")
        assert seen == whole

    async def test_a_cursor_of_something_else_is_refused(self, registry: Registry) -> None:
        """Of another order, or made up."""
        for each in range(2):
            await registry.create(record(f"p{each}"), actor="me")
        other = (await registry.page(ProjectQuery(sort="name", limit=1))).cursor
        for cursor in ("", "x", "é", "WyJuYW1lIl0=", "bnVsbA==", other):
            with pytest.raises(CursorInvalid):
                await registry.page(ProjectQuery(cursor=cursor))
