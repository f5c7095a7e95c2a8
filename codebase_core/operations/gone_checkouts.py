"""Checkouts whose folders are gone, as those of removed worktrees: what only they saw is dropped."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from codebase_core.errors import CodebaseCoreError, ProjectBusy
from codebase_core.indexing.checkout_files import CheckoutFiles
from codebase_core.projects.machine import actor
from codebase_core.projects.other_checkout import is_gone

if TYPE_CHECKING:
    from codebase_core_hookspecs import CheckoutState, Project

    from codebase_core.engine import Engine

GONE_DAYS = 7
"""A folder that is away for so long after its last index is no disk that somebody unplugged."""


async def gone_checkouts(engine: Engine, project: Project) -> list[CheckoutState]:
    """Return the checkouts of a project, others than main ones, that were on this machine and are no more."""
    if project.status != "active" or not engine.shares_checkouts(project):
        return []
    store = await engine.open(project)
    known = [each for state in await store.repositories() for each in state.checkouts]
    return [each for each in known if is_gone(each, machine=engine.machine)]


async def forget_checkout(engine: Engine, project: Project, checkout: CheckoutState) -> None:
    """Drop what a checkout sees, and its folder from the registry; raise ProjectBusy while the project is written."""
    await (await engine.open(project)).forget(checkout)
    registry = await engine.registry()
    for each in await registry.checkouts(machine=checkout.machine, roots=[checkout.root]):
        if each.project == project.id:
            await registry.detach(each, actor=actor())
    CheckoutFiles.of(engine.settings.home, project.id, checkout.root).forget()


async def forget_long_gone(engine: Engine, project: Project) -> None:
    """Drop the checkouts that are gone for days; another time, if somebody writes."""
    before = datetime.now(UTC) - timedelta(days=GONE_DAYS)
    with suppress(ProjectBusy):
        for each in await gone_checkouts(engine, project):
            if each.indexed_at is None or each.indexed_at < before:
                await forget_checkout(engine, project, each)


async def all_gone(engine: Engine) -> list[tuple[Project, list[CheckoutState]]]:
    """Return the projects that have checkouts which are gone; one that cannot be read has none."""
    found = []
    for project in await (await engine.registry()).list():
        with suppress(CodebaseCoreError):
            if gone := await gone_checkouts(engine, project):
                found.append((project, gone))
    return found
