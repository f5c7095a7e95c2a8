"""Records: found as written, never overwritten unseen, names and places taken once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from codebase_core_hookspecs import (
    BindingTaken,
    NameTaken,
    PluginContext,
    Project,
    Registry,
    RegistryPlugin,
    VersionConflict,
)

from .base import RegistryKit, checkout, deleted, record


class Records(RegistryKit):
    """Create, look up, change, delete, purge."""

    async def test_a_record_comes_back_as_it_was_written(self, registry: Registry) -> None:
        """By id, and by name whatever its case."""
        wanted = record()
        made = await registry.create(wanted, actor="me@here")
        assert made.created_at.tzinfo is not None
        assert replace(made, created_at=wanted.created_at, updated_at=wanted.updated_at) == wanted
        assert await registry.get(wanted.id) == made
        assert await registry.find("sHOP") == made
        assert await registry.find("shops") is None
        assert await registry.get(uuid4()) is None

    async def test_records_are_listed_newest_first(self, registry: Registry) -> None:
        """By the time that the records say."""
        made = [await registry.create(record(f"p{number}"), actor="me") for number in range(5)]
        assert list(await registry.list()) == made[::-1]

    async def test_times_are_kept_to_the_microsecond(self, registry: Registry) -> None:
        """Of any year and in any zone; they are listed by the moment that they mean."""
        zone = timezone(timedelta(hours=-5))
        times = [
            datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(2026, 3, 1, 7, 0, 0, 3, tzinfo=zone),
            datetime(2026, 3, 1, 12, 0, 0, 2, tzinfo=UTC),
            datetime(2026, 3, 1, 7, 0, 0, 1, tzinfo=zone),
            datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ]
        for number, time in enumerate(times):
            await registry.create(replace(record(f"p{number}"), created_at=time), actor="me")
        assert [project.created_at for project in await registry.list()] == times

    async def test_an_id_is_taken_once(self, registry: Registry) -> None:
        """A restored backup never replaces a project."""
        made = await registry.create(record("one"), actor="me")
        with pytest.raises(NameTaken, match=str(made.id)):
            await registry.create(replace(record("two"), id=made.id), actor="me")
        assert await registry.find("two") is None

    async def test_a_name_is_taken_whatever_its_case_until_its_project_is_deleted(self, registry: Registry) -> None:
        """Folded as Unicode says, not by bytes."""
        first = await registry.create(record("Straße"), actor="me")
        with pytest.raises(NameTaken, match="STRASSE") as caught:
            await registry.create(record("STRASSE"), actor="me")
        assert caught.value.hint
        other = await registry.create(record("other"), actor="me")
        with pytest.raises(NameTaken):
            await registry.update(replace(other, name="straße"), actor="me", action="rename")
        await registry.update(deleted(first), actor="me", action="delete")
        second = await registry.create(record("straße"), actor="me")
        assert await registry.find("straße") == second
        assert [project.id for project in await registry.list(deleted=True)] == [first.id]

    async def test_a_binding_belongs_to_one_project_also_after_its_deletion(self, registry: Registry) -> None:
        """Until it is purged its data is there."""
        first = await registry.create(record("a", place="x"), actor="me")
        await registry.update(deleted(first), actor="me", action="delete")
        with pytest.raises(BindingTaken):
            await registry.create(record("b", place="x"), actor="me")
        assert await registry.find("b") is None

    async def test_a_change_of_an_old_version_is_refused(self, registry: Registry) -> None:
        """And changes nothing."""
        old = await registry.create(record(), actor="me")
        new = await registry.update(replace(old, description="new"), actor="me", action="describe")
        assert new.version == old.version + 1
        assert new.updated_at > old.updated_at
        with pytest.raises(VersionConflict):
            await registry.update(replace(old, description="lost"), actor="you", action="describe")
        assert await registry.get(old.id) == new

    async def test_of_concurrent_changes_one_wins(self, registries: Sequence[Registry]) -> None:
        """From several processes."""
        old = await registries[0].create(record(), actor="me")
        changes = [
            registries[n % 2].update(replace(old, description=str(n)), actor="me", action="describe") for n in range(8)
        ]
        done = await asyncio.gather(*changes, return_exceptions=True)
        assert sum(isinstance(each, Project) for each in done) == 1
        assert sum(isinstance(each, VersionConflict) for each in done) == 7

    async def test_of_concurrent_creations_of_one_name_one_wins(self, registries: Sequence[Registry]) -> None:
        """The others are told, and leave nothing."""
        makings = [registries[n % 2].create(record("Shop" if n % 3 else "shop"), actor="me") for n in range(8)]
        done = await asyncio.gather(*makings, return_exceptions=True)
        assert sum(isinstance(each, Project) for each in done) == 1
        assert sum(isinstance(each, NameTaken) for each in done) == 7
        assert len(await registries[1].list()) == 1

    async def test_a_deleted_project_comes_back_unless_its_name_is_taken(self, registry: Registry) -> None:
        """Its folders stay free."""
        first = await registry.create(record("shop"), actor="me")
        await registry.attach(checkout(first), actor="me")
        gone = await registry.update(deleted(first), actor="me", action="delete")
        second = await registry.create(record("Shop"), actor="me")
        with pytest.raises(NameTaken):
            await registry.update(replace(gone, deleted_at=None), actor="me", action="restore")
        await registry.update(replace(second, name="other"), actor="me", action="rename")
        back = await registry.update(replace(gone, deleted_at=None), actor="me", action="restore")
        assert await registry.find("SHOP") == back
        assert list(await registry.all_checkouts()) == []

    async def test_only_a_project_that_is_being_dropped_is_purged(self, registry: Registry) -> None:
        """Once, and then it may be made again."""
        made = await registry.create(record(), actor="me")
        await registry.purge(made.id, actor="me")
        assert await registry.get(made.id) == made
        await registry.update(replace(made, status="dropping"), actor="me", action="dropping")
        await registry.purge(made.id, actor="me")
        await registry.purge(made.id, actor="me")
        assert await registry.get(made.id) is None
        await registry.create(made, actor="me")

    async def test_what_one_process_changes_another_sees_at_once(self, registries: Sequence[Registry]) -> None:
        """Whatever either keeps in memory."""
        here, there = registries
        assert await there.find("shop") is None
        made = await here.create(record("shop"), actor="me")
        assert await there.find("shop") == made
        renamed = await there.update(replace(made, name="store"), actor="me", action="rename")
        assert (await here.find("shop"), await here.find("store")) == (None, renamed)
        await here.attach(checkout(made), actor="me")
        assert [each.root for each in await there.all_checkouts()] == ["/src/shop"]

    async def test_records_are_there_after_everybody_has_closed(
        self, plugin: RegistryPlugin, context: PluginContext
    ) -> None:
        """Every change is durable when the call returns; closing twice is allowed."""
        first = await plugin.open(context)
        made = await first.create(record(), actor="me")
        await first.aclose()
        await first.aclose()
        second = await plugin.open(replace(context, shared={}))
        assert await second.find("shop") == made
        await second.aclose()

    async def test_a_change_that_is_cancelled_is_made_or_not(self, registry: Registry) -> None:
        """Nothing half, and nothing locked."""
        call = asyncio.ensure_future(registry.create(record("one"), actor="me"))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with asyncio.timeout(30):
            await registry.create(record("two"), actor="me")
        assert {each.name for each in await registry.list()} >= {"two"}

    async def test_it_finds_nothing_wrong_with_itself(self, registry: Registry) -> None:
        """Records can be kept."""
        await registry.create(record(), actor="me")
        assert list(await registry.check()) == []
