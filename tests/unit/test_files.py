"""Files that several processes share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codebase_core.files import exclusive_lock, replace_file


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_is_replaced_whole_and_is_nobody_elses(tmp_path: Path, durable: bool) -> None:
    file = tmp_path / "record.json"
    replace_file(file, "old", durable=durable)
    with file.open() as reader:
        replace_file(file, "new", durable=durable)
        assert (reader.read(), file.read_text()) == ("old", "new")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["record.json"]


def test_what_cannot_be_written_leaves_the_file_and_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    replace_file(file, "old")
    with pytest.raises(UnicodeEncodeError):
        replace_file(file, "\udcff")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("record.json", "old")]


def test_a_lock_that_is_held_is_waited_for_no_longer_than_the_timeout(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "lock"
    with (
        exclusive_lock(lock, timeout_s=0),
        pytest.raises(TimeoutError, match=r"held it for 0\.05 s"),
        exclusive_lock(lock, timeout_s=0.05),
    ):
        pass
    with exclusive_lock(lock, timeout_s=0):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    code = (
        "import pathlib, sys, time; from codebase_core.files import exclusive_lock\n"
        "with exclusive_lock(pathlib.Path(sys.argv[1]), timeout_s=0):\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, lock], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError), exclusive_lock(lock, timeout_s=0):
            pass
        holder.kill()
    with exclusive_lock(lock, timeout_s=1):
        pass
