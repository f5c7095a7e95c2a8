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

    from .checkout_files import CheckoutFiles

SMALL_FILES, SMALL_BYTES = 50, 1_000_000
"""What is indexed before an answer: about half a second of work for one worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Files that differ, and bytes to read for them; counting stops above the limit."""

    changed: int = 0
    new: int = 0
    deleted: int = 0
    bytes: int = 0

    @property
    def files(self) -> int:
        """How many differ in any way."""
        return self.changed + self.new + self.deleted

    @property
    def small(self) -> bool:
        """Whether they are indexed on the spot."""
        return self.files <= SMALL_FILES and self.bytes <= SMALL_BYTES


async def changes(
    scan: Scan,
    *,
    store: ProjectStore,
    repository: str,
    plugins: PluginManager,
    settings: Settings,
    limit: int,
    files: CheckoutFiles | None = None,
) -> Changes:
    """Compare a tree with its index; ``files`` has the sizes and times of a checkout beside the main one."""
    changed = new = deleted = size = 0
    states = store.file_states(repository, under=scan.scope[0] if scan.scope else "")
    if files is not None:
        states = files.as_read(states)
    chunkers = plugins.chunkers()
    expected = Pipelines(chunkers, options_of(chunkers, settings)).of
    async for change in differences(scan.entries(), states, expected=expected):
        if isinstance(change, Changed):
            new += change.known is None
            changed += change.known is not None
            size += change.entry.size if change.entry.skip is None else 0
        elif isinstance(change, Gone):
            deleted += 1
        if changed + new + deleted > limit:
            break
    return Changes(changed=changed, new=new, deleted=deleted, bytes=size)
