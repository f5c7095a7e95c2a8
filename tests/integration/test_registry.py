"""Records of projects in every registry: found as written, never overwritten unseen, each change in the audit trail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Binding, Checkout, Project, ProjectQuery, Registry

from codebase_core.app import App
from codebase_core.errors import BindingTaken, CheckoutTaken, CursorInvalid, NameTaken, VersionConflict
from codebase_core.settings import load_settings

pytestmark = pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)  # the records are the same


@pytest.fixture(params=["postgres", "json"])
async def opened(request: pytest.FixtureRequest, environ: Mapping[str, str]) -> AsyncIterator[list[Registry]]:
    """Two openings of one registry of each kind, as two processes have them."""
    settings = load_settings(environ={**environ, "CODEBASE_CORE_REGISTRY": request.param})
    async with App(settings) as one, App(settings) as two:
        yield [await one.opened.registry(), await two.opened.registry()]


@pytest.fixture
def registry(opened: list[Registry]) -> Registry:
    return opened[0]


def record(name: str = "shop", *, schema: str | None = None) -> Project:
    made = uuid4()
    now = datetime.now(UTC)
    location = {"database": "nowhere", "schema": schema or f"project_{made.hex}"}
    return Project(
        id=made,
        name=name,
        binding=Binding(store="postgres-schema", server="environment", location=location),
        status="active",
        created_at=now,
        updated_at=now,
        description="what it is",
        tags=frozenset({"b", "a"}),
        metadata={"team": "ü", "nested": {"n": 1}},
    )


def checkout(project: Project, root: str = "/src/shop", *, machine: int = 1, home: bool = True) -> Checkout:
    return Checkout(project=project.id, machine=UUID(int=machine), root=root, identity="example.org/shop", home=home)


async def test_a_record_comes_back_as_it_was_written(registry: Registry) -> None:
    wanted = record()
    made = await registry.create(wanted, actor="me@here")
    assert made.created_at.tzinfo is not None
    assert replace(made, created_at=wanted.created_at, updated_at=wanted.updated_at) == wanted
    assert await registry.get(wanted.id) == made
    assert await registry.find("sHOP") == made
    assert await registry.find("shops") is None
    assert await registry.get(uuid4()) is None


async def test_records_are_listed_newest_first(registry: Registry) -> None:
    made = [await registry.create(record(f"p{number}"), actor="me") for number in range(5)]
    assert list(await registry.list()) == made[::-1]


async def test_a_name_is_taken_whatever_its_case_until_its_project_is_deleted(registry: Registry) -> None:
    first = await registry.create(record("Straße"), actor="me")
    with pytest.raises(NameTaken, match="STRASSE") as caught:
        await registry.create(record("STRASSE"), actor="me")
    assert caught.value.hint
    other = await registry.create(record("other"), actor="me")
    with pytest.raises(NameTaken):
        await registry.update(replace(other, name="straße"), actor="me", action="rename")
    await registry.update(replace(first, deleted_at=datetime.now(UTC)), actor="me", action="delete")
    second = await registry.create(record("straße"), actor="me")
    assert await registry.find("straße") == second
    assert [project.id for project in await registry.list(deleted=True)] == [first.id]


async def test_a_change_of_an_old_version_is_refused(registry: Registry) -> None:
    old = await registry.create(record(), actor="me")
    new = await registry.update(replace(old, description="new"), actor="me", action="describe")
    assert new.version == old.version + 1
    assert new.updated_at > old.updated_at
    with pytest.raises(VersionConflict):
        await registry.update(replace(old, description="lost"), actor="you", action="describe")
    assert await registry.get(old.id) == new


async def test_of_concurrent_changes_one_wins(registry: Registry) -> None:
    old = await registry.create(record(), actor="me")
    changes = [registry.update(replace(old, description=str(n)), actor="me", action="x") for n in range(8)]
    done = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(each, Project) for each in done) == 1
    assert sum(isinstance(each, VersionConflict) for each in done) == 7


async def test_a_binding_belongs_to_one_project_also_after_its_deletion(registry: Registry) -> None:
    first = await registry.create(record("a", schema="project_x"), actor="me")
    await registry.update(replace(first, deleted_at=datetime.now(UTC)), actor="me", action="delete")
    with pytest.raises(BindingTaken):
        await registry.create(record("b", schema="project_x"), actor="me")
    assert await registry.find("b") is None


async def test_a_folder_has_one_home(registry: Registry) -> None:
    one, two = record("one"), record("two")
    await registry.create(one, actor="me", checkout=checkout(one))
    with pytest.raises(CheckoutTaken) as caught:
        await registry.create(two, actor="me", checkout=checkout(two))
    assert "--project" in str(caught.value.hint)
    assert await registry.find("two") is None, "record and checkout are stored both or none"
    await registry.create(two, actor="me", checkout=checkout(two, machine=2))
    await registry.attach(checkout(two, home=False), actor="me")
    await registry.attach(checkout(one), actor="me")  # again: nothing happens
    roots = ["/src/shop", "/src", "/"]
    assert [c.project for c in await registry.checkouts(machine=UUID(int=1), roots=roots)] == [one.id, two.id]
    assert [c.project for c in await registry.checkouts(machine=UUID(int=2), roots=roots)] == [two.id]
    assert await registry.checkouts(machine=UUID(int=3), roots=roots) == []
    same = await registry.checkouts(machine=UUID(int=3), roots=[], identity="example.org/shop")
    assert [c.home for c in same] == [True, True, False]


async def test_the_nearest_folder_comes_first_and_a_deleted_project_frees_its_own(registry: Registry) -> None:
    outer, inner = record("outer"), record("inner")
    await registry.create(outer, actor="me", checkout=checkout(outer, "/src"))
    made = await registry.create(inner, actor="me", checkout=checkout(inner, "/src/shop"))
    roots = ["/src/shop/cart", "/src/shop", "/src", "/"]
    found = await registry.checkouts(machine=UUID(int=1), roots=roots)
    assert [c.root for c in found] == ["/src/shop", "/src"]
    await registry.update(replace(made, deleted_at=datetime.now(UTC)), actor="me", action="delete")
    assert [c.root for c in await registry.checkouts(machine=UUID(int=1), roots=roots)] == ["/src"]


async def test_only_a_project_that_is_being_dropped_is_purged_and_its_trail_stays(registry: Registry) -> None:
    made = await registry.create(record(), actor="ann@desk")
    await registry.purge(made.id, actor="bob@desk")
    assert await registry.get(made.id) == made
    await registry.update(replace(made, status="dropping"), actor="bob@desk", action="dropping")
    await registry.purge(made.id, actor="cid@desk")
    await registry.purge(made.id, actor="cid@desk")
    assert await registry.get(made.id) is None
    trail = await registry.history(made.id)
    assert [(entry.actor, entry.action) for entry in trail] == [
        ("ann@desk", "create"),
        ("bob@desk", "dropping"),
        ("cid@desk", "purge"),
    ]
    assert all(entry.at.tzinfo is not None for entry in trail)


async def test_an_id_is_taken_once(registry: Registry) -> None:
    made = await registry.create(record("one"), actor="me")
    with pytest.raises(NameTaken, match=str(made.id)):
        await registry.create(replace(record("two"), id=made.id), actor="me")
    assert await registry.find("two") is None


async def test_a_deleted_project_comes_back_unless_its_name_is_taken(registry: Registry) -> None:
    first = await registry.create(record("shop"), actor="me")
    await registry.attach(checkout(first), actor="me")
    gone = await registry.update(replace(first, deleted_at=datetime.now(UTC)), actor="me", action="delete")
    second = await registry.create(record("Shop"), actor="me")
    with pytest.raises(NameTaken):
        await registry.update(replace(gone, deleted_at=None), actor="me", action="restore")
    await registry.update(replace(second, name="other"), actor="me", action="rename")
    back = await registry.update(replace(gone, deleted_at=None), actor="me", action="restore")
    assert await registry.find("SHOP") == back
    assert await registry.all_checkouts() == []


async def test_every_change_is_in_the_trail_with_what_it_changed(registry: Registry) -> None:
    made = await registry.create(record("old"), actor="ann")
    other = await registry.create(record("other"), actor="ann")
    changed = replace(made, name="new", tags=frozenset({"a", "c"}), metadata={"team": "x"}, status="failed")
    await registry.update(changed, actor="bob", action="rename")
    await registry.attach(checkout(made), actor="cid")
    await registry.attach(checkout(made), actor="cid")
    trail = await registry.history(made.id)
    assert [(each.actor, each.action) for each in trail] == [("ann", "create"), ("bob", "rename"), ("cid", "attach")]
    assert dict(trail[1].detail) == {
        "name": ["old", "new"],
        "status": ["active", "failed"],
        "tags": [["a", "b"], ["a", "c"]],
        "metadata": [{"nested": {"n": 1}, "team": "ü"}, {"team": "x"}],
    }
    assert trail[2].detail["root"] == "/src/shop"
    everything = await registry.history()
    assert [(each.project, each.action) for each in everything] == [
        (made.id, "create"),
        (other.id, "create"),
        (made.id, "rename"),
        (made.id, "attach"),
    ]
    assert await registry.history(limit=2) == everything[-2:]
    assert await registry.history(made.id, limit=1) == trail[-1:]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (ProjectQuery(sort="name"), ["alpha", "Beta", "gamma"]),
        (ProjectQuery(), ["gamma", "Beta", "alpha"]),
        (ProjectQuery(reverse=True), ["alpha", "Beta", "gamma"]),
        (ProjectQuery(sort="name", reverse=True), ["gamma", "Beta", "alpha"]),
        (ProjectQuery(sort="updated"), ["alpha", "gamma", "Beta"]),
        (ProjectQuery(text="BET"), ["Beta"]),
        (ProjectQuery(text="ÜBER"), ["alpha"]),
        (ProjectQuery(text="tagged", sort="name"), ["alpha", "gamma"]),
        (ProjectQuery(text="%"), []),
        (ProjectQuery(tags=frozenset({"tagged", "x"})), ["gamma"]),
        (ProjectQuery(tags=frozenset({"tagged", "x"}), match="any", sort="name"), ["alpha", "gamma"]),
        (ProjectQuery(statuses=frozenset({"failed", "dropping"})), ["Beta"]),
        (ProjectQuery(deleted=True), ["gone"]),
        (ProjectQuery(text="a", sort="name", limit=1), ["alpha"]),
    ],
    ids=str,
)
async def test_records_are_filtered_searched_and_sorted(
    registry: Registry, query: ProjectQuery, names: list[str]
) -> None:
    def some(name: str, *tags: str, description: str | None = None, status: str = "active") -> Project:
        return replace(record(name), tags=frozenset(tags), description=description, status=status)  # type: ignore[arg-type]

    alpha = await registry.create(some("alpha", "tagged", description="Über alles"), actor="me")
    await registry.create(some("Beta", status="failed"), actor="me")
    await registry.create(some("gamma", "tagged", "x", "y"), actor="me")
    gone = await registry.create(some("gone", "tagged"), actor="me")
    await registry.update(replace(gone, deleted_at=datetime.now(UTC)), actor="me", action="delete")
    await registry.update(replace(alpha, metadata={}), actor="me", action="describe")
    assert [project.name for project in (await registry.page(query)).projects] == names


@pytest.mark.parametrize("sort", ["created", "updated", "name"])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("text", [None, "p"])
async def test_pages_show_every_record_once_whatever_comes_and_goes_between(
    registry: Registry, sort: str, reverse: bool, text: str | None
) -> None:
    now = datetime.now(UTC)
    made = []
    for number in range(7):  # some at the same moment
        same = replace(record(f"p{number}"), created_at=now.replace(microsecond=number // 3))
        made.append(await registry.create(same, actor="me"))
    query = ProjectQuery(sort=sort, reverse=reverse, limit=2, text=text)  # type: ignore[arg-type]
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
        if shown.status == "active":  # what was shown last may vanish: the cursor still leads on
            dropping = await registry.update(replace(shown, status="dropping"), actor="me", action="x")
            await registry.purge(dropping.id, actor="me")
    assert seen == whole


@pytest.mark.parametrize("cursor", ["", "x", "é", "WyJuYW1lIl0=", "bnVsbA=="])
async def test_a_cursor_of_something_else_is_refused(registry: Registry, cursor: str) -> None:
    for each in range(2):
        await registry.create(record(f"p{each}"), actor="me")
    with pytest.raises(CursorInvalid):
        await registry.page(ProjectQuery(cursor=cursor))
    other = (await registry.page(ProjectQuery(sort="name", limit=1))).cursor
    with pytest.raises(CursorInvalid):
        await registry.page(ProjectQuery(cursor=other))


async def test_what_one_process_changes_another_sees_at_once(opened: list[Registry]) -> None:
    here, there = opened
    assert await there.find("shop") is None
    made = await here.create(record("shop"), actor="me", checkout=None)
    assert await there.find("shop") == made
    renamed = await there.update(replace(made, name="store"), actor="me", action="rename")
    assert (await here.find("shop"), await here.find("store")) == (None, renamed)
    await here.attach(checkout(made), actor="me")
    assert [each.root for each in await there.all_checkouts()] == ["/src/shop"]
