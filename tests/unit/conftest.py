"""What several subjects share: hand-made distributions, trees of files, a user without rights."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from codebase_core.sources.scan import Entry, Scan
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
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid():
            folder.chmod(folder.stat().st_mode | 0o055)  # and left so: other tests may be within at the same time
    return unprivileged


@dataclass
class Tree:
    """A folder with files, and what a scan of it finds."""

    root: Path

    def add(self, files: Mapping[str, str | bytes] = {}, /, *empty: str) -> Tree:
        for path, content in {**files, **dict.fromkeys(empty, "x = 1\n")}.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def scan(self, *scope: str, **choices: object) -> list[Entry]:
        return list(Scan(root=self.root, scope=scope, **choices).entries())

    def taken(self, *scope: str, **choices: object) -> list[str]:
        """Return the paths of what would be read."""
        return [entry.path for entry in self.scan(*scope, **choices) if entry.skip is None]

    def skipped(self, *scope: str, **choices: object) -> dict[str, str]:
        return {entry.path: entry.skip for entry in self.scan(*scope, **choices) if entry.skip is not None}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "tree"
    root.mkdir()
    return Tree(root)
