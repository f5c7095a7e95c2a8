"""Names of projects: what is legal, and how a folder gets one."""

from __future__ import annotations

from itertools import islice
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebase_core.errors import IllegalName
from codebase_core.projects.names import MAX_LENGTH, check_name, names_for


@pytest.mark.parametrize("name", ["a", "A-b_c 9", "_", "-", "x" * 255, "two  spaces", "2024"])
def test_legal_names(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " a",
        "a ",
        "a/b",
        "a.b",
        "a\n",
        "a\0b",
        "a\tb",
        "café",
        "\u0440\u0430ypal",  # Cyrillic letters that look like Latin ones
        "a\u2010b",  # a hyphen that is not the keyboard's
        "a\u00a0b",
        "\u0661",  # a digit that is not ASCII
        "\U0001f600",
        "'; DROP TABLE projects; --",
        "x" * 256,
        "\udcff",
    ],
)
def test_illegal_names(name):
    with pytest.raises(IllegalName) as caught:
        check_name(name)

    assert "letters, digits, spaces" in caught.value.hint


def test_an_illegal_name_of_any_length_gives_a_short_message():
    with pytest.raises(IllegalName) as caught:
        check_name("x" * 100_000)

    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("/home/ann/shop", ["shop", "ann-shop", "home-ann-shop", "shop-2", "shop-3"]),
        ("/srv/my.shop (new)", ["my-shop -new", "srv-my-shop -new", "my-shop -new-2"]),
        ("/srv/ééé/shop", ["shop", "srv-shop", "shop-2"]),
        ("/", ["project", "project-2"]),
        ("/日本", ["project", "project-2"]),
        ("/srv/ --x-- ", ["x", "srv-x"]),
    ],
)
def test_a_folder_is_named_plainly_then_with_its_parents_then_by_number(folder, names):
    assert list(islice(names_for(Path(folder)), len(names))) == names


def test_a_taken_name_gets_its_parents_in_front():
    taken = {"shop", "ann-shop"}

    assert next(name for name in names_for(Path("/home/ann/shop")) if name not in taken) == "home-ann-shop"


FOLDERS = st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300), max_size=5)


@given(FOLDERS)
def test_every_folder_gets_legal_names_without_end(pieces):
    names = list(islice(names_for(PurePosixPath("/", *pieces)), 40))

    for name in names:
        assert check_name(name)
        assert len(name) <= MAX_LENGTH
    assert len(set(names)) >= 30
