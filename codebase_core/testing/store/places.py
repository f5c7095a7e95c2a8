"""Making, finding and dropping places."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from codebase_core_hookspecs import (
    NotOwned,
    NotProvisioned,
    PluginContext,
    Problem,
    Project,
    Store,
    StorePlugin,
)

from codebase_core.testing.base import says_what_to_do
from codebase_core.testing.registry.base import record

from .base import DELAYS, Place, Places, StoreKit, cut_short
from .content import SHOP, file, manifest, paths, same, texts, write

ODD_NAMES = ("a" * 255, "Straße 数据库", "with space", "-dash-", "_", "select", "UPPER and lower")


class Lifecycle(StoreKit):
    """``plan``, ``provision``, ``open``, ``migrate``, ``drop``, ``verify``."""

    def test_planning_is_pure_naming(self, plugin: StorePlugin, store: Store, server: str) -> None:
        """The same answer every time; texts by names, for a registry to keep."""
        project = uuid4()
        binding = store.plan(project, "shop", server=server)
        assert binding == store.plan(project, "shop", server=server)
        assert (binding.store, binding.server) == (plugin.name, server)
        assert all(isinstance(each, str) for pair in binding.location.items() for each in pair)

    def test_a_second_attempt_is_another_place(self, store: Store, server: str) -> None:
        """Also for two projects with one name, and names that are alike."""
        named = [("shop", uuid4()), ("shop", uuid4()), ("Shop", uuid4()), ("a" * 255, uuid4()), ("a" * 254, uuid4())]
        locations = [dict(store.plan(id, name, server=server, attempt=1).location) for name, id in named]
        assert all(locations.count(each) == 1 for each in locations)

    async def test_a_place_keeps_its_manifest(self, place: Place) -> None:
        """Whole; the form of its tables is the store's own matter."""
        assert same((await place.open()).manifest, manifest(place.project))

    async def test_names_of_projects_make_places(self, places: Places) -> None:
        """Whatever a project may be called."""
        for name in ODD_NAMES:
            place = await places.make(name)
            opened = await place.open()
            await write(opened, file("a.py", "x = 1\n"))
            assert await texts(opened, "a.py") == ["x = 1\n"], name

    async def test_provisioning_again_changes_nothing(self, place: Place) -> None:
        """It is the repair of one that was cut short, and may be run at any time."""
        await write(await place.open(), file("a.py", "x = 1\n"))
        again = await place.provision()
        assert await texts(again, "a.py") == ["x = 1\n"]

    async def test_many_may_provision_one_place_at_once(self, places: Places, elsewhere: Store) -> None:
        """From several processes: all succeed, and there is one place."""
        place = places.plan()
        stores = [place.store, elsewhere] * 3
        await asyncio.gather(*(each.provision(place.binding, manifest(place.project)) for each in stores))
        opened = await place.open()
        await write(opened, file("a.py", "x = 1\n"))
        assert (await opened.statistics()).files == 1

    async def test_provisioning_that_was_cut_short_is_finished_by_running_it_again(self, places: Places) -> None:
        """Wherever it was."""
        for delay in DELAYS:
            place = places.plan()
            await cut_short(place.provision(), after=delay)
            opened = await place.provision()
            await write(opened, file("a.py", "x = 1\n"))
            assert await paths(opened) == ["a.py"]

    async def test_dropping_that_was_cut_short_is_finished_by_running_it_again(self, places: Places) -> None:
        """Wherever it was; afterwards the place may be made anew."""
        for delay in DELAYS:
            place = await places.make()
            await cut_short(place.store.drop(place.binding, project=place.project), after=delay)
            await place.store.drop(place.binding, project=place.project)
            with pytest.raises(NotProvisioned):
                await place.open()

    async def test_a_place_that_is_not_there_is_not_provisioned(self, places: Places) -> None:
        """With a hint."""
        with pytest.raises(NotProvisioned) as caught:
            await places.plan().open()
        assert says_what_to_do(caught.value)

    async def test_a_place_that_was_dropped_is_gone_with_its_content(self, place: Place) -> None:
        """Dropping twice is no error; what is made there anew is empty."""
        await write(await place.open(), file("a.py", "x = 1\n"))
        for _ in range(2):
            await place.store.drop(place.binding, project=place.project)
        with pytest.raises(NotProvisioned):
            await place.open()
        assert await paths(await place.provision()) == []

    async def test_another_projects_place_is_left_alone(self, place: Place) -> None:
        """Neither opened nor provisioned nor dropped: it lacks the mark."""
        await write(await place.open(), file("a.py", "x = 1\n"))
        stranger = uuid4()
        with pytest.raises(NotOwned):
            await place.store.open(place.binding, project=stranger)
        with pytest.raises(NotOwned):
            await place.store.provision(place.binding, manifest(stranger))
        with pytest.raises(NotOwned):
            await place.store.drop(place.binding, project=stranger)
        assert await texts(await place.open(), "a.py") == ["x = 1\n"]

    async def test_migrating_what_is_current_changes_nothing(self, place: Place) -> None:
        """Every writer calls it."""
        await write(await place.open(), file("a.py", "x = 1\n"))
        await place.store.migrate(place.binding, project=place.project)
        assert await texts(await place.open(), "a.py") == ["x = 1\n"]

    async def test_verifying_finds_nothing_where_all_is_well(self, places: Places, server: str) -> None:
        """Every place has its project and every project its place."""
        made = [await places.make(name) for name in ("shop", "mail")]
        known = [_record(each) for each in made]
        found = await places.store.verify(server, known)
        assert not {each.id for each in known} & {problem.project for problem in found}

    async def test_verifying_names_what_is_missing(self, places: Places, server: str) -> None:
        """A project without a place can be provisioned again."""
        gone = places.plan()
        (problem,) = await _problems(places, server, [_record(gone)], gone)
        assert (problem.kind, problem.repair) == ("missing", "provision")
        assert problem.message

    async def test_verifying_names_what_nobody_knows(self, places: Places, server: str) -> None:
        """A marked place without a project, with what it takes to drop it."""
        orphan = await places.make()
        (problem,) = await _problems(places, server, [], orphan)
        assert (problem.kind, problem.repair) == ("orphan", "drop")
        assert problem.binding is not None
        await places.store.drop(problem.binding, project=orphan.project)
        assert await _problems(places, server, [], orphan) == []

    async def test_verifying_names_what_was_cut_short(self, places: Places, server: str) -> None:
        """A project that is neither made nor gone."""
        half = places.plan()
        making, dropping = (replace(_record(half), status=status) for status in ("provisioning", "dropping"))
        (problem,) = await _problems(places, server, [making], half)
        assert (problem.kind, problem.repair) == ("unfinished", "provision")
        (problem,) = await _problems(places, server, [dropping], half)
        assert (problem.kind, problem.repair) == ("unfinished", "forget")

    async def test_nothing_is_missing_before_projects_are_made(self, store: Store, server: str) -> None:
        """Where they can be made."""
        assert list(await store.check(server)) == []

    async def test_a_place_outlives_whoever_made_it(
        self, plugin: StorePlugin, context: PluginContext, place: Place
    ) -> None:
        """What is written is durable; closing twice is allowed."""
        first = await plugin.open(replace(context, shared={}))
        opened = await first.open(place.binding, project=place.project)
        await write(opened, file("a.py", "x = 1\n"))
        for _ in range(2):
            await opened.aclose()
            await first.aclose()
        second = await plugin.open(replace(context, shared={}))
        assert await texts(await second.open(place.binding, project=place.project), "a.py") == ["x = 1\n"]
        await second.aclose()

    async def test_closing_lets_everything_go(
        self, plugin: StorePlugin, context: PluginContext, places: Places, tmp_path: Path
    ) -> None:
        """Connections, files, threads: as many files are open afterwards as before."""
        made = [await places.make() for _ in range(3)]
        await _used(plugin, context, made)
        before = _open_files()
        for _ in range(3):
            await _used(plugin, context, made)
        assert _open_files() <= before


async def _used(plugin: StorePlugin, context: PluginContext, made: list[Place]) -> None:
    store = await plugin.open(replace(context, shared={}))
    for each in made:
        opened = await store.open(each.binding, project=each.project)
        await write(opened, file("a.py", "x = 1\n"), source=SHOP)
        await asyncio.gather(*(opened.statistics() for _ in range(8)))
        await opened.aclose()
    await store.aclose()


def _open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def _record(place: Place) -> Project:
    return replace(record(f"p {place.project}"), id=place.project, binding=place.binding)


async def _problems(places: Places, server: str, known: Sequence[Project], place: Place) -> list[Problem]:
    """Return what is said of one place: other tests may be at work on the server."""
    found = await places.store.verify(server, known)
    return [each for each in found if each.project == place.project]
