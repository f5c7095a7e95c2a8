"""A file that was changed is told from one that was not, whatever its size and time say."""

from __future__ import annotations

import os
import shutil
import time

import pytest
from codebase_core_hookspecs import FileState

from codebase_core.sources.identity import COARSE_GRAIN_NS, UNCERTAIN, certain_ctime, inode, is_untouched, settled


def indexed(path):
    """Return the state of a file as an index keeps it, having waited as a reader does."""
    with path.open("rb") as file:
        status = settled(file)
        file.read()
    return FileState(
        path=path.name,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        content_hash=b"",
        pipeline="p",
        inode=inode(status),
        ctime_ns=certain_ctime(status),
    )


def untouched(known, path):
    status = path.stat()
    return is_untouched(
        known, size=status.st_size, mtime_ns=status.st_mtime_ns, inode=inode(status), ctime_ns=status.st_ctime_ns
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("one = 1\n")
    return path


def test_a_file_that_nobody_touched_is_untouched(file):
    assert untouched(indexed(file), file)


def test_other_content_of_the_same_size_and_time_is_seen(file):
    known = indexed(file)

    file.write_text("two = 2\n")
    os.utime(file, ns=(known.mtime_ns, known.mtime_ns))

    assert file.stat().st_size == known.size
    assert not untouched(known, file)


@pytest.mark.parametrize("swap", ["rename", "copy"])
def test_another_file_of_the_same_size_and_time_is_seen(file, tmp_path, swap):
    known = indexed(file)
    other = tmp_path / "b.py"
    other.write_text("two = 2\n")
    os.utime(other, ns=(known.mtime_ns, known.mtime_ns))

    if swap == "rename":
        other.replace(file)
    else:
        shutil.copy2(other, file)

    assert (file.stat().st_size, file.stat().st_mtime_ns) == (known.size, known.mtime_ns)
    assert not untouched(known, file)


def test_a_change_right_behind_the_read_is_seen(file):
    """Within one tick of the clock a file keeps its times: a reader lets the tick pass."""
    for number in range(20):
        file.write_text(f"one = {number % 10}\n")
        known = indexed(file)
        file.write_text(f"two = {number % 10}\n")

        assert not untouched(known, file)


def test_a_file_system_of_whole_seconds_makes_what_is_new_uncertain(file):
    status = file.stat()
    second = 1_000_000_000

    def at(ctime_ns):
        fields = {"st_ctime_ns": ctime_ns, "st_mtime_ns": status.st_mtime_ns}
        return os.stat_result(tuple(status), fields)

    now = time.time_ns() // second * second
    assert certain_ctime(at(now)) == UNCERTAIN
    assert certain_ctime(at(now + 10 * second)) == UNCERTAIN, "the clock of a server may be ahead"
    assert certain_ctime(at(now - COARSE_GRAIN_NS - second)) == now - COARSE_GRAIN_NS - second


def test_an_index_of_an_earlier_version_goes_by_size_and_time(file):
    status = file.stat()
    known = FileState(path="a.py", size=status.st_size, mtime_ns=status.st_mtime_ns, content_hash=b"", pipeline="p")

    assert untouched(known, file)
