"""Values made from columns are those that their constructor makes."""

from __future__ import annotations

import gc
import weakref
from dataclasses import FrozenInstanceError

import pytest
from codebase_core_hookspecs import Binding, from_columns, uncollected


def test_values_from_columns_are_those_of_the_constructor():
    made = from_columns(Binding, location=iter([{"schema": "a"}, {}]), store=["s", "t"], server="ef")
    assert made == [
        Binding(store="s", server="e", location={"schema": "a"}),
        Binding(store="t", server="f", location={}),
    ]
    with pytest.raises(FrozenInstanceError):
        made[0].store = "other"


def test_no_rows_are_no_values():
    assert from_columns(Binding, store=[], server=[], location=[]) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"store": ["s"], "server": ["e"]},
        {"store": ["s"], "server": ["e"], "location": [{}], "other": [1]},
        {"store": ["s"], "server": ["e", "f"], "location": [{}]},
    ],
    ids=["one too few", "one too many", "lengths"],
)
def test_a_value_is_never_half_filled(columns):
    with pytest.raises(ValueError, match="Binding"):
        from_columns(Binding, **columns)


def test_the_garbage_collector_is_left_as_it_was():
    with pytest.raises(ZeroDivisionError), uncollected():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_thousands_of_new_values_are_not_gone_through_by_the_next_young_collection():
    with uncollected():
        made = [[] for _ in range(10_000)]
    assert gc.get_count()[0] < 5_000
    assert len(gc.get_objects(generation=0)) < 5_000
    assert len(made) == 10_000


def test_rubbish_made_meanwhile_is_still_collected():
    class Node:
        pass

    with uncollected():
        nodes = [Node() for _ in range(10_000)]
        for each in nodes:
            each.itself = each
        gone = weakref.ref(nodes[0])
        del nodes, each
    gc.collect()
    assert gone() is None
