"""Places to work in, and what is tested only where it is declared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from codebase_core_hookspecs import Binding, NotOwned, PluginContext, ProjectStore, Store, StorePlugin

from codebase_core.testing.base import Conformance
from codebase_core.testing.guard import UNDECLARED

from .content import manifest

DELAYS = (0.0, 0.003, 0.01, 0.03, 0.1)
"""Seconds after which work is cut short, to hit one step after another."""

needs = pytest.mark.needs
"""Test only what a store declares in ``supports``."""

Overtake = Callable[[Binding], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Place:
    """A project's place."""

    store: Store
    binding: Binding
    project: UUID

    async def open(self) -> ProjectStore:
        """Open it."""
        return await self.store.open(self.binding, project=self.project)

    async def provision(self) -> ProjectStore:
        """Make it and open it."""
        await self.store.provision(self.binding, manifest(self.project))
        return await self.open()


class Places:
    """Makes places, and drops them at the end."""

    def __init__(self, store: Store, server: str) -> None:
        self.store = store
        self.server = server
        self.planned: list[Place] = []

    def plan(self, name: str = "shop") -> Place:
        """Name a place for a project."""
        project = uuid4()
        place = Place(self.store, self.store.plan(project, name, server=self.server, attempt=1), project)
        self.planned.append(place)
        return place

    async def make(self, name: str = "shop") -> Place:
        """Name a place and make it."""
        place = self.plan(name)
        await place.provision()
        return place

    async def drop(self) -> None:
        """Drop what is left."""
        for place in self.planned:
            try:
                await place.store.drop(place.binding, project=place.project)
            except NotOwned:
                continue


class StoreKit(Conformance):
    """What the parts of the store's kit share."""

    @pytest.fixture
    def overtake(self) -> Overtake | None:
        """Let another writer take a project's lease over, as if its holder had been silent for too long. None: not tested."""
        return None

    @pytest.fixture(autouse=True)
    def _declared(self, request: pytest.FixtureRequest, plugin: StorePlugin) -> None:
        for mark in request.node.iter_markers("needs"):
            request.node.user_properties.append(("needs", mark.args[0]))
            if mark.args[0] not in plugin.supports:
                request.config.stash[UNDECLARED].setdefault(plugin.name, set()).add(mark.args[0])
                pytest.skip(f"{plugin.name} does not declare {mark.args[0]!r}")

    @pytest_asyncio.fixture
    async def store(self, plugin: StorePlugin, context: PluginContext) -> AsyncIterator[Store]:
        """The store, opened."""
        opened = await plugin.open(context)
        yield opened
        await opened.aclose()

    @pytest_asyncio.fixture
    async def elsewhere(self, plugin: StorePlugin, context: PluginContext) -> AsyncIterator[Store]:
        """The store, opened once more, as another process has it."""
        opened = await plugin.open(replace(context, shared={}))
        yield opened
        await opened.aclose()

    @pytest_asyncio.fixture
    async def places(self, store: Store, server: str) -> AsyncIterator[Places]:
        """Where projects are made."""
        made = Places(store, server)
        yield made
        await made.drop()

    @pytest_asyncio.fixture
    async def place(self, places: Places) -> Place:
        """A new project's place."""
        return await places.make()

    @pytest_asyncio.fixture
    async def opened(self, place: Place) -> ProjectStore:
        """A new project."""
        return await place.open()


async def cut_short(work: Coroutine[Any, Any, Any], *, after: float) -> None:
    """Begin some work and cancel it after so many seconds; that it then fails is no matter, that it hangs is."""
    task = asyncio.ensure_future(work)
    await asyncio.sleep(after)
    task.cancel()
    async with asyncio.timeout(60):
        await asyncio.gather(task, return_exceptions=True)
