"""The folders of a tree that are watched, and which of their changes count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core.sources.ignore import DEFAULT_FOLDERS, IGNORE_FILES

if TYPE_CHECKING:
    from codebase_core.sources.ignore import IgnoreRules
    from codebase_core.sources.scan import Scan

CONFIG_FOLDER = ".codebase-mcp"


@dataclass(frozen=True, slots=True)
class Tree:
    """The folders that a scan enters, each with the rules in force there. Ignored ones are never among them."""

    root: Path
    folders: Mapping[str, IgnoreRules]

    @classmethod
    def of(cls, scan: Scan) -> Tree:
        """Walk the folders; those that cannot be read are left out, and whoever indexes says so."""
        return cls(scan.root, dict(scan.folders()))

    @property
    def paths(self) -> list[str]:
        """The folders to watch, each for itself."""
        return [path for folder in self.folders if _encodable(path := str(self.root / folder))]

    def relevant(self, changed: Iterable[str]) -> set[str]:
        """Return the changed paths that an index could depend on, relative to the root."""
        relative = (
            Path(path).relative_to(self.root).as_posix() for path in changed if Path(path).is_relative_to(self.root)
        )
        return {path for path in relative if self._counts(path)}

    def moved(self, relevant: Iterable[str]) -> bool:
        """Tell whether the set of folders, or the rules in them, may be another one after these changes."""
        return any(
            f"{path}/" in self.folders or Path(path).name in IGNORE_FILES or (self.root / path).is_dir()
            for path in relevant
        )

    def _counts(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        rules = self.folders.get(f"{folder}/" if folder else "")
        if rules is None:
            return False
        if (self.root / path).is_dir():
            return name == CONFIG_FOLDER or rules.within(f"{path}/") is not None
        return name not in DEFAULT_FOLDERS - {CONFIG_FOLDER} and not rules.ignores(path)


def _encodable(path: str) -> bool:
    """Whether a path can be handed to the watcher; one that is not UTF-8 is not indexed either."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
