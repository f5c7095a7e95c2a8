"""What a server holds for good is not looked through again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from codebase_core_mcp.garbage import Lasting, collect_rarely


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_is_set_aside_with_the_first_answer_and_once():
    lasting = Lasting()
    assert gc.get_freeze_count() == 0

    lasting.answered()
    first = gc.get_freeze_count()
    later = [[] for _ in range(1_000)]
    lasting.answered()

    assert first > 10_000
    assert gc.get_freeze_count() <= first
    assert len(later) == 1_000


def test_cycles_are_still_collected():
    collect_rarely()
    gc.collect()
    for _ in range(30_000):
        cycle = []
        cycle.append(cycle)

    assert sum(type(each) is list and each[:1] == [each] for each in gc.get_objects(generation=0)) < 15_000
