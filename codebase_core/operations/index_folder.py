"""Bring the index of a folder up to date, in the project that the folder has or gets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from codebase_core.errors import NothingToIndex
from codebase_core.indexing.scopes import indexed_scopes
from codebase_core.indexing.selection import scan_of
from codebase_core.indexing.service import Indexer, IndexReport, index_repository, nothing_to_index
from codebase_core.projects.generations import retry_on_generation_change
from codebase_core.projects.other_checkout import is_gone, other_checkout

from .assign_project import Choices, check_own_checkout, register_checkout, resolve_or_create
from .compare_tree import remembered_tree
from .gone_checkouts import forget_long_gone
from .own_checkout import open_checkout

if TYPE_CHECKING:
    from codebase_core.engine import Engine
    from codebase_core.indexing.progress import OnProgress, Progress
    from codebase_core.projects.repository import Repository


async def index_folder(
    engine: Engine,
    repository: Repository,
    *,
    choices: Choices,
    force: bool,
    on_progress: OnProgress,
    detail: Mapping[str, Any],
) -> IndexReport:
    """Run once; a project that was made for a folder without anything to index does not stay."""
    resolution, created = await resolve_or_create(engine, repository, choices)
    if resolution.root is not None and resolution.root != repository.root:
        repository = repository.within(resolution.root)
    project = resolution.require_project()
    store = await engine.store(project.binding.store)
    await store.migrate(project.binding, project=project.id)

    async def run() -> tuple[str, Progress]:
        opened = await store.open(project.binding, project=project.id)
        await engine.refuse_other_embedder(opened.manifest, choices.embedder)
        states = await opened.repositories()
        if not choices.take_over:
            check_own_checkout(engine, repository, resolution, states)
        other = other_checkout(repository, states, machine=engine.machine)
        beside = other is not None and not choices.take_over and not is_gone(other, machine=engine.machine)
        indexer = Indexer(
            store=opened,
            embedder=await engine.embedder_of(opened.manifest),
            settings=engine.settings,
            plugins=engine.plugins,
            pool=engine.workers,
            force=force,
            on_progress=on_progress,
            detail=detail,
        )
        scan, began = scan_of(repository, config=resolution.config, settings=engine.settings), time.time_ns()
        if other is not None and beside and choices.like_main and not repository.scope:
            parts = await indexed_scopes(opened, other.name)
            scan = replace(scan, scope=tuple(each for each in parts if each and (repository.root / each).exists()))
        name, progress = await index_repository(
            repository, scan, indexer=indexer, machine=engine.machine, main=not beside
        )
        if created and not progress.has_source:
            raise nothing_to_index(repository, progress)
        seen = await open_checkout(engine, replace(resolution, asked=repository, root=None))
        tree = await remembered_tree(
            engine, repository, project=project, store=seen, name=name, config=resolution.config
        )
        if tree is not None:
            await asyncio.to_thread(tree.keep, scan.entered, since_ns=began)
        return name, progress

    try:
        name, progress = await retry_on_generation_change(run)
    except NothingToIndex:
        if created:
            await (await engine.projects()).purge(project)
        raise
    await register_checkout(engine, repository, resolution)
    await forget_long_gone(engine, project)
    return IndexReport(
        resolution=resolution,
        repository=name,
        root=str(repository.root),
        scope=repository.scope,
        created=created,
        progress=progress,
    )
