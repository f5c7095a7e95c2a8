"""How far a tree has moved from its index: counted by size and time, without reading a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .chunkers import options_of
from .diff import Changed, Gone, differences
from .pipelines import Pipelines

if TYPE_CHECKING:
    from codebase_core_hookspecs import ProjectStore

    from codebase_core.config.settings import Settings
    from codebase_core.plugins.manager import PluginManager
    from codebase_core.sources.scan import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Files that differ, and bytes to read for them; counting stops above the limit."""

    files: int
    bytes: int


async def changes(
    scan: Scan, *, store: ProjectStore, repository: str, plugins: PluginManager, settings: Settings, limit: int
) -> Changes:
    """Compare a tree with its index."""
    files = size = 0
    states = store.file_states(repository, under=scan.scope[0] if scan.scope else "")
    chunkers = plugins.chunkers()
    expected = Pipelines(chunkers, options_of(chunkers, settings)).of
    async for change in differences(scan.entries(), states, expected=expected):
        if isinstance(change, Changed):
            files += 1
            size += change.entry.size if change.entry.skip is None else 0
        elif isinstance(change, Gone):
            files += 1
        if files > limit:
            break
    return Changes(files=files, bytes=size)
