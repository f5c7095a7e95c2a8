"""Trees of files, written from a mapping of paths to contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from codebase_core.indexing.scan import Entry, Scan


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
