"""What is said of a tree and its index, and done about a few changes: the same for commands and for agents' servers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Freshness

from codebase_core.errors import ProjectBusy
from codebase_core.indexing.scopes import only_parts
from codebase_core.projects.other_checkout import other_checkout, why_other

from .assign_project import choices_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codebase_core_hookspecs import Project, RepositoryState

    from codebase_core.engine import Engine
    from codebase_core.errors import CodebaseCoreError
    from codebase_core.projects.repository import Repository


def elsewhere(engine: Engine, asked: Repository | None, states: Sequence[RepositoryState]) -> Freshness | None:
    """Say that another checkout answers for the one that is asked about; None where its own does."""
    other = other_checkout(asked, states, machine=engine.machine) if asked is not None else None
    if asked is None or other is None:
        return None
    return Freshness(state="elsewhere", reason=why_other(asked, other, machine=engine.machine))


def nothing_here(states: Sequence[RepositoryState], *, why: str) -> Freshness:
    """Say why no tree of a project can be compared: its first index has not ended, or else ``why``."""
    unfinished = states and all(each.indexed_at is None for each in states)
    return Freshness(state="unknown", reason="its first index has not ended" if unfinished else why)


def rest_of(root: str, parts: Iterable[str]) -> str:
    """Say which parts of a repository are indexed, and how the rest is."""
    return f"{only_parts(root, parts)}; codebase-core index {root} adds the rest"


def not_indexed(error: CodebaseCoreError) -> str:
    """Say why a few changes of a tree could not be indexed before an answer."""
    if isinstance(error, ProjectBusy):
        return f"{error.holder} is indexing it"
    return f"it could not be brought up to date: {error.message}"


async def index_part(engine: Engine, part: Repository, *, project: Project) -> None:
    """Index a repository, or a part of it, into the project that it was compared with."""
    from .index_folder import index_folder  # noqa: PLC0415 - only where something changed

    await index_folder(
        engine,
        part,
        choices=await choices_within(engine, part, project),
        force=False,
        on_progress=lambda _: None,
        detail=MappingProxyType({}),
    )
