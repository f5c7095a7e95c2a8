"""Entries come in byte order of their stored paths, so that they can be merged with what the index knows."""

from __future__ import annotations

import os
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebase_core.sources.scan import Scan, stored


def test_a_folder_sorts_among_names_that_begin_with_its_own(tree):
    """``a/`` comes after ``a-b`` and ``a.py``, and before ``a0``: the slash is compared as a byte."""
    tree.add({}, "a/z.py", "a-b/c.py", "a.py", "a0.py", "a b.py", "B.py", "b.py", "é.py", "😀.py", "\uffee.py")

    assert tree.taken() == [
        "B.py",
        "a b.py",
        "a-b/c.py",
        "a.py",
        "a/z.py",
        "a0.py",
        "b.py",
        "é.py",
        "\uffee.py",
        "😀.py",
    ]


def test_what_lies_deep_comes_before_its_folders_later_neighbours(tree):
    tree.add({}, "a/b/c/d.py", "a/b/c.py", "a/b.py", "a/bc.py")

    assert tree.taken() == ["a/b.py", "a/b/c.py", "a/b/c/d.py", "a/bc.py"]


def test_a_tree_deeper_than_the_interpreters_stack_is_walked(tree):
    depth = 1_500
    folder = os.open(tree.root, os.O_RDONLY)
    try:
        for _ in range(depth):
            os.mkdir("d", dir_fd=folder)
            below = os.open("d", os.O_RDONLY, dir_fd=folder)
            os.close(folder)
            folder = below
        os.close(os.open("x.py", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    finally:
        os.close(folder)

    try:
        assert [(len(entry.path), entry.skip) for entry in tree.scan()] == [(2_000, "path over 2,000 bytes")]
    finally:
        subprocess.run(["rm", "-rf", tree.root], check=True)  # too deep for pytest, which clears up later


NAMES = st.text(st.sampled_from("ab.- 0é\uffee😀\U0010ffff"), min_size=1, max_size=3).filter(
    lambda name: name not in (".", "..")
)
RAW_NAMES = NAMES | NAMES.map(lambda name: name + "\udcff") | NAMES.map(lambda name: "\udce9" + name)
PATHS = st.lists(RAW_NAMES, min_size=1, max_size=4).map("/".join)


@settings(max_examples=150, deadline=None)
@given(st.sets(PATHS, max_size=15))
def test_paths_rise_strictly_and_none_is_missing(paths):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        written = {path for path in sorted(paths) if write(root / path)}

        entries = list(Scan(root=root).entries())

    found = [entry.path.encode() for entry in entries]
    assert all(one < other for one, other in pairwise(found))
    assert set(found) == {stored(path).encode() for path in written}
    assert {entry.path for entry in entries if entry.skip == "name is not UTF-8"} == {
        stored(path) for path in written if stored(path) != path
    }


def write(file: Path) -> bool:
    """Write a file if its path is still free."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return False
    return True


@pytest.mark.parametrize(
    ("raw", "shown"), [(b"plain.py", "plain.py"), (b"caf\xe9.py", "caf\\xe9.py"), ("é.py".encode(), "é.py")]
)
def test_a_name_that_is_not_utf8_is_stored_escaped(raw, shown):
    assert stored(os.fsdecode(raw)) == shown
