"""What the registry knows of a folder: whose checkout it is, and which others show the same repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core.sources.boundaries import is_part_of

from .moved import project_before_move
from .names import as_id
from .repository import main_worktree

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Checkout, Project

    from .config_file import ConfigFile
    from .repository import Repository
    from .request import ResolutionRequest

_MACHINE = 36
"""Characters of a machine's id, which stands before the path of a repository without an origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A project that holds another checkout of the same repository."""

    project: Project
    evidence: str


def checkout_root(repository: Repository, config: ConfigFile | None) -> Path:
    """Return the folder that is attached to a project: the repository's root, or a part of it with a config of its own."""
    named = config is not None and (config.name is not None or config.id is not None)
    if config is not None and named and config.folder.is_relative_to(repository.root):
        return config.folder
    return repository.root


def identity(repository: Repository, folder: Path, *, machine: UUID) -> str:
    """Return what makes two checkouts the same; a part of a repository is not the same as the whole."""
    whole = repository.identity(machine)
    return whole if folder == repository.root else f"{whole}#{folder.relative_to(repository.root).as_posix()}"


def shown_identity(same: str) -> str:
    """Return an identity for people: without the id of the machine before a path."""
    return same[_MACHINE:] if same[_MACHINE : _MACHINE + 1] == "/" and as_id(same[:_MACHINE]) else same


async def by_folder(question: ResolutionRequest) -> Checkout | None:
    """Return the nearest known checkout at or above a folder.

    A repository of its own is written to none above it, and read from one only as a submodule.
    """
    roots = [str(folder) for folder in (question.start, *question.start.parents)]
    found = await question.registry.checkouts(machine=question.machine, roots=roots)
    nearest = next((each for each in found if each.home), None)
    if nearest is None:
        return None
    root = question.repository.root
    if not question.repository.is_git or Path(nearest.root).is_relative_to(root):
        return nearest
    return nearest if question.intent == "read" and is_part_of(root, Path(nearest.root)) else None


async def by_identity(question: ResolutionRequest) -> Other | None:
    """Return the project of another checkout of the same repository.

    A folder that was moved still is the one it was: nothing is left where it used to be. Any other is written into a project that
    keeps checkouts apart; into another one it is not, and its index goes into a project of its own. Of several projects the one
    of the main worktree is chosen, else one of this machine.
    """
    root = question.repository.root
    same = identity(question.repository, root, machine=question.machine)
    found = await question.registry.checkouts(machine=question.machine, roots=[], identity=same)
    homes = [each for each in found if each.home]
    own = [each for each in homes if (each.machine, each.root) == (question.machine, str(root))]
    homes = own or homes  # another process indexed this very folder since it was asked for
    projects = [await question.registry.get(each) for each in sorted({each.project for each in homes})]
    known = [project for project in projects if project is not None]
    if not known:
        before = await project_before_move(question)
        return Other(project=before[0], evidence=f"{root}, which was {before[1]} before") if before else None
    main = str(main_worktree(root))
    best = min(homes, key=lambda each: (each.machine != question.machine, each.root != main, each.root))
    project = next((each for each in known if each.id == best.project), known[0])
    if own:
        return Other(project=project, evidence=best.root)
    if len(known) == 1 and all(_is_gone(each, question) for each in homes):
        return Other(project=project, evidence=f"{root}, which was {best.root} before")
    if question.intent == "write" and not question.shares(project):
        return None
    others = ", ".join(repr(each.name) for each in known if each is not project)
    also = f"; held by {others} as well" if others else ""
    return Other(project=project, evidence=f"{best.root}, another checkout of {shown_identity(same)}{also}")


async def at_home(question: ResolutionRequest, folder: Path | None) -> Checkout | None:
    """Return the checkout that the folder a claim speaks for, or a part of it, is at home in by itself."""
    found = await by_folder(question)
    return found if found is not None and Path(found.root).is_relative_to(_claimed(question, folder)) else None


async def is_held_elsewhere(question: ResolutionRequest, project: Project, folder: Path | None) -> bool:
    """Tell whether a project holds the folder that a claim speaks for from another checkout of the same repository."""
    same = identity(question.repository, _claimed(question, folder), machine=question.machine)
    found = await question.registry.checkouts(machine=question.machine, roots=[], identity=same)
    return any(each.project == project.id for each in found)


async def belongs(question: ResolutionRequest, project: Project, folder: Path | None) -> bool:
    """Tell whether a project has a checkout at the folder that a claim speaks for, or around it in the same repository."""
    repository, start = question.repository, _claimed(question, folder)
    around = [each for each in (start, *start.parents) if not repository.is_git or each.is_relative_to(repository.root)]
    found = await question.registry.checkouts(machine=question.machine, roots=[str(each) for each in around])
    if any(each.project == project.id for each in found):
        return True
    same = identity(repository, start, machine=question.machine)
    moved = await question.registry.checkouts(machine=question.machine, roots=[], identity=same)
    return any(each.project == project.id and _is_gone(each, question) for each in moved)


def _claimed(question: ResolutionRequest, folder: Path | None) -> Path:
    """Return the folder within the repository that a claim speaks for: all of it, or a part."""
    root = question.repository.root
    return folder if folder is not None and folder.is_relative_to(root) else root


def _is_gone(checkout: Checkout, question: ResolutionRequest) -> bool:
    return checkout.machine == question.machine and not Path(checkout.root).exists()
