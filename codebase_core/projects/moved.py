"""Repositories without a remote that were moved or renamed: nothing is left where they were, and their commits are the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core.errors import CodebaseCoreError, ProjectUnresolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codebase_core_hookspecs import Checkout, Project, RepositoryState

    from .repository import Repository
    from .request import ResolutionRequest


def state_before_move(
    repository: Repository, states: Iterable[RepositoryState], *, machine: UUID
) -> RepositoryState | None:
    """Return what is indexed of a repository that stood elsewhere on this machine; it holds the commit that was indexed."""
    if not repository.is_git or repository.origin() is not None:
        return None  # an origin tells it apart by itself
    gone = (each for each in states if _is_gone(each, machine))
    return next((each for each in gone if each.commit and repository.has_commit(each.commit)), None)


async def project_before_move(question: ResolutionRequest) -> tuple[Project, str] | None:
    """Return the project of a repository without a remote, and where it was; raise ProjectUnresolved if several had it."""
    repository, machine = question.repository, question.machine
    if question.indexed is None or not repository.is_git or repository.origin() is not None:
        return None
    known = await question.registry.all_checkouts()
    gone = [each for each in known if each.home and _is_gone(each, machine)]
    found: dict[UUID, tuple[Project, str]] = {}
    for project in [await question.registry.get(id) for id in dict.fromkeys(each.project for each in gone)]:
        if project is None or project.status != "active":
            continue
        try:
            states: Sequence[RepositoryState] = await question.indexed(project)
        except CodebaseCoreError:
            continue  # one that cannot be read is no answer about another folder
        state = state_before_move(repository, states, machine=machine)
        if state is not None:
            found[project.id] = project, state.root
    if len(found) > 1:
        names = ", ".join(repr(project.name) for project, _ in found.values())
        raise ProjectUnresolved(
            f"{repository.root} was moved, and several projects hold it from where it was: {names}",
            hint="choose one: codebase-core index --project NAME",
        )
    return next(iter(found.values()), None)


def _is_gone(place: Checkout | RepositoryState, machine: UUID) -> bool:
    return place.machine == machine and not Path(place.root).exists()
