"""Checkouts and the audit trail."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from codebase_core_hookspecs import CheckoutTaken, Registry

from .base import RegistryKit, checkout, deleted, record


class Checkouts(RegistryKit):
    """Which folder belongs to whom, and who changed what."""

    async def test_a_folder_has_one_home(self, registry: Registry) -> None:
        """On one machine; record and checkout are stored both or none."""
        one, two = record("one"), record("two")
        await registry.create(one, actor="me", checkout=checkout(one))
        with pytest.raises(CheckoutTaken) as caught:
            await registry.create(two, actor="me", checkout=checkout(two))
        assert "--project" in str(caught.value.hint)
        assert await registry.find("two") is None
        await registry.create(two, actor="me", checkout=checkout(two, machine=2))
        with pytest.raises(CheckoutTaken):
            await registry.attach(checkout(two), actor="me")
        await registry.attach(checkout(two, home=False), actor="me")

    async def test_checkouts_are_found_by_folder_of_a_machine_or_by_identity(self, registry: Registry) -> None:
        """The home first."""
        one, two = record("one"), record("two")
        await registry.create(one, actor="me", checkout=checkout(one))
        await registry.create(two, actor="me", checkout=checkout(two, machine=2))
        await registry.attach(checkout(two, home=False), actor="me")
        roots = ["/src/shop", "/src", "/"]
        assert [c.project for c in await registry.checkouts(machine=UUID(int=1), roots=roots)] == [one.id, two.id]
        assert [c.project for c in await registry.checkouts(machine=UUID(int=2), roots=roots)] == [two.id]
        assert list(await registry.checkouts(machine=UUID(int=3), roots=roots)) == []
        same = await registry.checkouts(machine=UUID(int=3), roots=[], identity="example.org/shop")
        assert [c.home for c in same] == [True, True, False]

    async def test_the_nearest_folder_comes_first_and_a_deleted_project_frees_its_own(self, registry: Registry) -> None:
        """A project within another's folder is asked before it."""
        outer, inner = record("outer"), record("inner")
        await registry.create(outer, actor="me", checkout=checkout(outer, "/src"))
        made = await registry.create(inner, actor="me", checkout=checkout(inner, "/src/shop"))
        roots = ["/src/shop/cart", "/src/shop", "/src", "/"]
        found = await registry.checkouts(machine=UUID(int=1), roots=roots)
        assert [c.root for c in found] == ["/src/shop", "/src"]
        await registry.update(deleted(made), actor="me", action="delete")
        assert [c.root for c in await registry.checkouts(machine=UUID(int=1), roots=roots)] == ["/src"]

    async def test_a_checkout_is_forgotten_alone(self, registry: Registry) -> None:
        """Its folder is free, and the project keeps the others; twice is no error, and the trail says it once."""
        one, two = record("one"), record("two")
        await registry.create(one, actor="me", checkout=checkout(one))
        await registry.attach(checkout(one, "/src/feature"), actor="me")
        await registry.attach(checkout(one, machine=2), actor="me")
        for _ in range(2):
            await registry.detach(checkout(one), actor="bob")
        left = [(each.machine.int, each.root) for each in await registry.all_checkouts()]
        assert sorted(left) == [(1, "/src/feature"), (2, "/src/shop")]
        await registry.create(two, actor="me", checkout=checkout(two))
        trail = await registry.history(one.id)
        actions = [each.action for each in trail]
        assert (actions[-1], actions.count("detach")) == ("detach", 1)
        assert (trail[-1].actor, trail[-1].detail["root"]) == ("bob", "/src/shop")

    async def test_every_change_is_in_the_trail_with_what_it_changed(self, registry: Registry) -> None:
        """Oldest first; what changed nothing is not."""
        made = await registry.create(record("old"), actor="ann")
        other = await registry.create(record("other"), actor="ann")
        changed = replace(made, name="new", tags=frozenset({"a", "c"}), metadata={"team": "x"}, status="failed")
        await registry.update(changed, actor="bob", action="rename")
        await registry.attach(checkout(made), actor="cid")
        await registry.attach(checkout(made), actor="cid")
        trail = await registry.history(made.id)
        assert [(each.actor, each.action) for each in trail] == [
            ("ann", "create"),
            ("bob", "rename"),
            ("cid", "attach"),
        ]
        assert dict(trail[1].detail) == {
            "name": ["old", "new"],
            "status": ["active", "failed"],
            "tags": [["a", "b"], ["a", "c"]],
            "metadata": [{"nested": {"n": 1}, "team": "ü"}, {"team": "x"}],
        }
        assert trail[2].detail["root"] == "/src/shop"
        assert all(entry.at.tzinfo is not None for entry in trail)
        everything = await registry.history()
        assert [(each.project, each.action) for each in everything] == [
            (made.id, "create"),
            (other.id, "create"),
            (made.id, "rename"),
            (made.id, "attach"),
        ]
        assert list(await registry.history(limit=2)) == list(everything[-2:])
        assert list(await registry.history(made.id, limit=1)) == list(trail[-1:])

    async def test_the_trail_outlives_a_purge(self, registry: Registry) -> None:
        """Who dropped a project can be read when it is gone."""
        made = await registry.create(record(), actor="ann@desk")
        await registry.update(replace(made, status="dropping"), actor="bob@desk", action="dropping")
        await registry.purge(made.id, actor="cid@desk")
        assert [(entry.actor, entry.action) for entry in await registry.history(made.id)] == [
            ("ann@desk", "create"),
            ("bob@desk", "dropping"),
            ("cid@desk", "purge"),
        ]
