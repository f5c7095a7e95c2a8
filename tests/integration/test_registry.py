"""Records of projects: found as written, never overwritten unseen, never mixed with what else a database holds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Binding, Checkout, Project, Registry

from codebase_core.app import App
from codebase_core.errors import BindingTaken, CheckoutTaken, NameTaken, VersionConflict

pytestmark = pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)  # the records are the same


@pytest.fixture
async def registry(app: App) -> Registry:
    return await app.opened.registry()


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
    await registry.attach(checkout(two, home=False))
    await registry.attach(checkout(one))  # again: nothing happens
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
