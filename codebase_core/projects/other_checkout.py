"""Which checkout of a repository answers a question about a folder: its own, or another one of the same repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core.sources.boundaries import is_part_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from codebase_core_hookspecs import CheckoutState, RepositoryState

    from .repository import Repository
    from .resolution import Resolution


def place_of(resolution: Resolution) -> Repository | None:
    """Return the checkout that is asked about: around a submodule the one that it is a part of."""
    asked, above = resolution.asked, resolution.root
    if asked is not None and above is not None and above != asked.root and asked.root.is_relative_to(above):
        return asked.within(above)
    return asked


def own_checkout(repository: Repository, state: RepositoryState, *, machine: UUID) -> CheckoutState | None:
    """Return what a store knows of a checkout beside the main one, None if nothing."""
    own = (each for each in state.checkouts if (each.machine, each.root) == (machine, str(repository.root)))
    return next(own, None)


def is_gone(state: RepositoryState | CheckoutState, *, machine: UUID) -> bool:
    """Tell whether a checkout was on this machine, and is no more."""
    return state.machine == machine and not Path(state.root).exists()


def other_checkout(
    repository: Repository, states: Iterable[RepositoryState], *, machine: UUID
) -> RepositoryState | None:
    """Return the checkout that stands for a repository in a project: None if its own is there, or none of that repository."""
    known = list(states)
    if not repository.is_git or any(_is_own(repository.root, each, machine) for each in known):
        return None
    same = repository.identity(machine)
    return next((each for each in known if each.identity == same), None)


def where(state: RepositoryState, *, machine: UUID) -> str:
    """Return a checkout for people: where it is, and the commit that was indexed."""
    elsewhere = " on another machine" if state.machine != machine else ""
    commit = f" at commit {state.commit[:10]}" if state.commit else ""
    return f"{state.root}{elsewhere}{commit}"


def why_other(repository: Repository, state: RepositoryState, *, machine: UUID) -> str:
    """Say that an answer is from another checkout, and how the folder gets its own."""
    return (
        f"from another checkout, {where(state, machine=machine)}: {repository.root} is not indexed itself "
        f"(codebase-core index {repository.root})"
    )


def _is_own(root: Path, state: RepositoryState, machine: UUID) -> bool:
    if state.machine != machine:
        return False
    indexed = Path(state.root)
    return indexed.is_relative_to(root) or (root.is_relative_to(indexed) and is_part_of(root, indexed))
