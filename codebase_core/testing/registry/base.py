"""Two openings of one registry, and records to put into it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from codebase_core_hookspecs import Binding, Checkout, PluginContext, Project, Registry, RegistryPlugin

from codebase_core.testing.base import Conformance

ROOT = "/src/shop"


class RegistryKit(Conformance):
    """What the parts of the registry's kit share."""

    @pytest_asyncio.fixture
    async def registries(self, plugin: RegistryPlugin, context: PluginContext) -> AsyncIterator[Sequence[Registry]]:
        """Two openings of one empty registry, as two processes have them."""
        opened = [await plugin.open(each) for each in (context, replace(context, shared={}))]
        yield opened
        for each in opened:
            await each.aclose()

    @pytest.fixture
    def registry(self, registries: Sequence[Registry]) -> Registry:
        """One of them."""
        return registries[0]


def record(name: str = "shop", *, place: str | None = None) -> Project:
    """Return a record with everything in it."""
    made, now = uuid4(), datetime.now(UTC)
    return Project(
        id=made,
        name=name,
        binding=Binding(store="some-store", server="some-server", location={"at": "here", "place": place or made.hex}),
        status="active",
        created_at=now,
        updated_at=now,
        description="what it is",
        tags=frozenset({"b", "a"}),
        metadata={"team": "ü", "nested": {"n": 1}},
    )


def checkout(project: Project, root: str = ROOT, *, machine: int = 1, home: bool = True) -> Checkout:
    """Return a checkout of a project."""
    return Checkout(project=project.id, machine=UUID(int=machine), root=root, identity="example.org/shop", home=home)


def deleted(project: Project) -> Project:
    """Return a record as it is when it is deleted."""
    return replace(project, deleted_at=datetime.now(UTC))
