"""Projects whose folders are all gone, as a worktree is when its branch is merged."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from codebase_core_hookspecs import Checkout, Project, Registry


async def without_folders(registry: Registry, *, machine: UUID) -> list[tuple[Project, list[str]]]:
    """Return the live projects that had folders, all on this machine and none there any more, each with those folders."""
    by_project: dict[UUID, list[Checkout]] = defaultdict(list)
    for each in await registry.all_checkouts():
        by_project[each.project].append(each)
    found = []
    for id, checkouts in by_project.items():
        project = await registry.get(id) if all(_is_gone(each, machine) for each in checkouts) else None
        if project is not None and project.deleted_at is None:
            found.append((project, [each.root for each in checkouts]))
    return sorted(found, key=lambda each: each[0].name)


def _is_gone(checkout: Checkout, machine: UUID) -> bool:
    return checkout.machine == machine and not Path(checkout.root).exists()
