"""Whether a hit's file still is as it was indexed."""

from __future__ import annotations

import os
from hashlib import blake2b
from uuid import uuid4

import pytest
from codebase_core_hookspecs import FileState, RepositoryState

from codebase_core.search.freshness import file_state

HERE = uuid4()


@pytest.fixture
def indexed(tmp_path):
    """Return a file, its state when it was indexed, and its repository."""
    file = tmp_path / "src" / "a.py"
    file.parent.mkdir()
    file.write_text("x = 1\n")
    status = file.stat()
    state = FileState(
        path="src/a.py",
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        content_hash=blake2b(b"x = 1\n", digest_size=16).digest(),
        pipeline="",
    )
    return (
        file,
        state,
        RepositoryState(name="r", identity="r", root=str(tmp_path), machine=HERE, commit=None, indexed_at=None),
    )


def later(file) -> None:
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1_000_000))


def test_an_untouched_file_is_current(indexed):
    _, state, repository = indexed

    assert file_state(state, repository, machine=HERE) == "current"


def test_a_file_that_only_looks_newer_is_current(indexed):
    file, state, repository = indexed
    later(file)

    assert file_state(state, repository, machine=HERE) == "current"


@pytest.mark.parametrize("text", ["x = 2\n", "x = 1000\n"])
def test_a_file_with_other_content_has_changed(indexed, text):
    file, state, repository = indexed
    file.write_text(text)
    later(file)

    assert file_state(state, repository, machine=HERE) == "changed"


def test_a_file_that_is_gone_is_missing(indexed):
    file, state, repository = indexed
    file.unlink()
    assert file_state(state, repository, machine=HERE) == "missing"

    file.parent.rmdir()
    assert file_state(state, repository, machine=HERE) == "missing"

    file.parent.write_text("a file in place of the folder")
    assert file_state(state, repository, machine=HERE) == "missing"


def test_a_file_that_cannot_be_looked_at_is_unknown(indexed, tmp_path):
    file, state, repository = indexed
    file.unlink()
    file.symlink_to(file)

    assert file_state(state, repository, machine=HERE) == "unknown"


def test_a_file_of_another_machine_is_unknown(indexed):
    _, state, repository = indexed

    assert file_state(state, repository, machine=uuid4()) == "unknown"
