"""What an index of a folder would read, and how the tree differs from its index."""

from __future__ import annotations

import asyncio
import time
from hashlib import blake2b
from typing import TYPE_CHECKING

from codebase_core.indexing.changes import Changes, changes
from codebase_core.indexing.checkout_files import CheckoutFiles
from codebase_core.indexing.chunkers import options_of
from codebase_core.indexing.pipelines import Pipelines
from codebase_core.indexing.remembered_tree import RememberedTree
from codebase_core.indexing.selection import scan_of, selection_of
from codebase_core.projects.config_file import find_config

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, ProjectStore

    from codebase_core.engine import Engine
    from codebase_core.projects.config_file import ConfigFile
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

    ``name`` is the repository's name in the project. A tree that was found to be as it is indexed, and has not moved since, is
    not compared again.
    """
    start = repository.root / repository.scope
    config = find_config(start if start.is_dir() else start.parent, root=repository.root)
    remembered = await remembered_tree(engine, repository, project=project, store=store, name=name, config=config)
    if remembered is not None and await asyncio.to_thread(remembered.is_unchanged):
        return Changes()
    scan, began = scan_of(repository, config=config, settings=engine.settings), time.time_ns()
    state = next((each for each in await store.repositories() if each.name == name), None)
    beside = state is not None and not state.main
    found = await changes(
        scan,
        store=store,
        repository=name,
        plugins=engine.plugins,
        settings=engine.settings,
        limit=limit,
        files=CheckoutFiles.of(engine.settings.home, project.id, str(repository.root)) if beside else None,
    )
    if remembered is not None and not found.files:
        await asyncio.to_thread(remembered.keep, scan.entered, since_ns=began)
    return found


async def remembered_tree(
    engine: Engine,
    repository: Repository,
    *,
    project: Project,
    store: ProjectStore,
    name: str,
    config: ConfigFile | None,
) -> RememberedTree | None:
    """Return what is remembered of a tree as it is indexed now; None for a file, and for what is not indexed from here."""
    state = next((each for each in await store.repositories() if each.name == name), None)
    if state is None or state.running or state.root != str(repository.root) or not _is_folder(repository):
        return None
    chunkers = engine.plugins.chunkers()
    depends = (
        Pipelines(chunkers, options_of(chunkers, engine.settings)).signature,
        *(str(project.id), store.manifest.generation, state.name, state.root, str(state.indexed_at)),
        selection_of(config, engine.settings),
    )
    key = blake2b(repr(depends).encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return RememberedTree(home=engine.settings.home, root=repository.root, scope=repository.scope, key=key)


def _is_folder(repository: Repository) -> bool:
    return (repository.root / repository.scope).is_dir()
