"""What a server holds for good is not looked through again and again."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest
from codebase_core_mcp import garbage


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_is_set_aside_after_the_first_answer_and_once(monkeypatch):
    monkeypatch.setattr(garbage, "_IDLE_SECONDS", 0)
    counts = []

    async def serve() -> None:
        collecting = garbage.Garbage()
        collecting.answered()
        counts.append(gc.get_freeze_count())
        await asyncio.sleep(0.01)
        counts.append(gc.get_freeze_count())
        kept = [[] for _ in range(1_000)]
        collecting.answered()
        await asyncio.sleep(0.01)
        counts.append(gc.get_freeze_count())
        assert len(kept) == 1_000

    asyncio.run(serve())

    assert counts[0] == 0
    assert counts[1] >= counts[2] > 10_000
