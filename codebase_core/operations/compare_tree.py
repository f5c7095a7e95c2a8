"""What an index of a folder would read, and how the tree differs from its index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core.indexing.changes import changes
from codebase_core.indexing.service import scan_of

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, ProjectStore

    from codebase_core.engine import Engine
    from codebase_core.indexing.changes import Changes
    from codebase_core.projects.repository import Repository
    from codebase_core.sources.scan import Scan


async def scan_folder(engine: Engine, repository: Repository, *, project: str | None) -> Scan:
    """Return the walk that an index of a folder makes: the whole of a checkout that lies above it, if one is known."""
    resolution = await engine.resolve(repository, project=project)
    if resolution.root is not None and resolution.root != repository.root:
        repository = repository.within(resolution.root)
    return scan_of(repository, config=resolution.config, settings=engine.settings)


async def compare_tree(
    engine: Engine, repository: Repository, *, project: Project, store: ProjectStore, name: str, limit: int
) -> Changes:
    """Compare a tree, or a part of one, with its index by size and time, up to ``limit`` files that differ.

    ``name`` is the repository's name in the project.
    """
    resolution = await engine.resolve(repository, project=str(project.id))
    return await changes(
        scan_of(repository, config=resolution.config, settings=engine.settings),
        store=store,
        repository=name,
        plugins=engine.plugins,
        settings=engine.settings,
        limit=limit,
    )
