"""A new worktree or clone of an indexed repository gets what it sees unasked."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from codebase_core.errors import CodebaseCoreError, ProjectBusy
from codebase_core.projects.repository import Repository

from .assign_project import Choices
from .own_checkout import look_at_checkout, open_checkout

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from codebase_core_hookspecs import ProjectStore

    from codebase_core.engine import Engine
    from codebase_core.jobs import Job
    from codebase_core.projects.resolution import Resolution

logger = logging.getLogger(__name__)

_BUSY_SECONDS = 0.1

Parts: TypeAlias = "Callable[[Path], Sequence[str]]"


def _all(_: Path) -> Sequence[str]:
    return ("",)


async def open_or_make_checkout(engine: Engine, resolution: Resolution, *, parts: Parts = _all) -> ProjectStore | Job:
    """Open the index as the checkout sees it that is asked about; of a new one, find out what it sees before.

    Returns the job that goes on with that, if it takes longer than the setting ``checkout_budget``. ``parts`` tells what of a
    root may be read: ``""`` for all of it, nothing, or some folders, of which the first is. Where that cannot be found out, it
    opens what the main checkout sees.
    """
    store, place = await look_at_checkout(engine, resolution)
    if place is None:
        return store
    readable = parts(place.root)
    if not readable:
        return store
    from codebase_core.jobs import Jobs  # noqa: PLC0415 - seldom, and a search imports little

    wanted = Repository(root=place.root, scope=readable[0])
    choices = Choices(project=str(resolution.require_project().id), like_main=True)
    try:
        async with asyncio.timeout(engine.settings["checkout_budget"]):
            await _index(engine, wanted, choices)
    except TimeoutError:
        return Jobs(engine.settings).start(wanted, choices=asdict(choices))
    except CodebaseCoreError as exc:  # then the answer is from another checkout, and says so
        logger.warning("%s could not be indexed: %s", place.root, exc.message)
    return await open_checkout(engine, resolution)


async def _index(engine: Engine, wanted: Repository, choices: Choices) -> None:
    """Index once nobody else does."""
    from .index_folder import index_folder  # noqa: PLC0415

    while True:
        try:
            await index_folder(
                engine,
                wanted,
                choices=choices,
                force=False,
                on_progress=lambda _: None,
                detail=MappingProxyType({}),
            )
        except ProjectBusy:
            await asyncio.sleep(_BUSY_SECONDS)
        else:
            return
