"""What several subjects share: a folder of hand-made distributions, as pip would have installed them; a user without rights."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.site import Site

NOBODY = 65_534


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    made = Site(folder)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield made
    for name in made.modules:
        sys.modules.pop(name, None)


@contextmanager
def unprivileged():
    """Give up root's right to read everything, where the tests have it."""
    privileged = os.geteuid() == 0
    if privileged:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if privileged:
            os.seteuid(0)


@pytest.fixture
def without_rights(tmp_path: Path):
    """Return a context in which permissions count, with the way to the test's folder open."""
    opened = [folder for folder in (tmp_path, *tmp_path.parents) if folder.stat().st_uid == os.getuid()]
    modes = {folder: folder.stat().st_mode for folder in opened}
    for folder, mode in modes.items():
        folder.chmod(mode | 0o055)
    yield unprivileged
    for folder, mode in modes.items():
        folder.chmod(mode)
