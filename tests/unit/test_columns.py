"""Values made from columns are those that their constructor makes."""

from __future__ import annotations

import gc
from dataclasses import FrozenInstanceError

import pytest
from codebase_core_hookspecs import Binding, from_columns


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
    from_columns(Binding, store=["s"], server=["e"], location=[{}])
    assert gc.isenabled()
    gc.disable()
    try:
        from_columns(Binding, store=["s"], server=["e"], location=[{}])
        assert not gc.isenabled()
    finally:
        gc.enable()
