"""The kit over the store in memory, and how its parts are made wrong."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from codebase_core.testing import StoreConformance
from codebase_core.testing.fakes.project_store import MemoryProjectStore
from codebase_core.testing.fakes.store import MEMORY_STORE, MemoryStore, open_memory_store
from tests.conformance.mutants import caught_by


class Suite(StoreConformance):
    """The kit over the fake."""

    @pytest.fixture
    def wrong(self):
        return MemoryStore

    @pytest.fixture
    def plugin(self, wrong):
        async def opened(context):
            return wrong((await open_memory_store(context)).places)

        return replace(MEMORY_STORE, open=opened)

    @pytest.fixture
    def overtake(self, context):
        async def overtake(binding):
            place = (await open_memory_store(context)).places[binding.location["place"]]
            place.fence += 1

        return overtake


caught = partial(caught_by, Suite)


def project_store(test):
    """List a class of project store as a mutant."""

    def listed(opened):
        caught(test)(type(f"Opens{opened.__name__}", (MemoryStore,), {"opened": opened}))
        return opened

    return listed


def writer(test):
    """List a class of writer as a mutant."""

    def listed(wrong):
        opened = type(f"Writes{wrong.__name__}", (MemoryProjectStore,), {"writer": wrong})
        caught(test)(type(wrong.__name__, (MemoryStore,), {"opened": opened}))
        return wrong

    return listed
