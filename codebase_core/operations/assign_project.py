"""The project that a folder is indexed into: the one it belongs to, finished if it is half made, or a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Checkout

from codebase_core.errors import CheckoutTaken, NameTaken, OtherCheckoutIndexed
from codebase_core.projects.checkouts import checkout_root, identity
from codebase_core.projects.machine import actor
from codebase_core.projects.names import names_for
from codebase_core.projects.other_checkout import is_gone, other_checkout, where
from codebase_core.projects.resolution import Resolution
from codebase_core.retry import retry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codebase_core_hookspecs import Project, Registry, RepositoryState

    from codebase_core.engine import Engine
    from codebase_core.projects.repository import Repository

_PAUSES = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the user chose for a new project; None takes the settings' choice.

    ``take_over`` makes this checkout the main one of its repository in the project, instead of another one. ``like_main``: of a
    checkout that is new, as much is indexed as of the main one.
    """

    project: str | None = None
    store: str | None = None
    server: str | None = None
    embedder: str | None = None
    take_over: bool = False
    like_main: bool = False


async def choices_within(engine: Engine, repository: Repository, project: Project) -> Choices:
    """Name a project only where the folder does not lead to it: a named one takes the folder for a root."""
    found = (await engine.resolve(repository)).project
    return Choices() if found is not None and found.id == project.id else Choices(project=str(project.id))


async def resolve_or_create(engine: Engine, repository: Repository, choices: Choices) -> tuple[Resolution, bool]:
    """Resolve for writing, create the project if nobody knows one, and say whether it is new."""
    repository.check_bounded()

    async def look_or_create(_: int) -> tuple[Resolution, bool]:
        resolution = await engine.resolve(repository, project=choices.project, intent="write")
        if resolution.project is not None:
            return await finish_provisioning(engine, resolution, choices), False
        return await _created(engine, repository, resolution, choices), True

    # Another process may be first with the name or the folder: the next look finds its project.
    return await retry(look_or_create, on=(NameTaken, CheckoutTaken), pauses=_PAUSES)


def check_own_checkout(
    engine: Engine, repository: Repository, resolution: Resolution, states: Sequence[RepositoryState]
) -> None:
    """Raise OtherCheckoutIndexed where an index of a repository would replace that of another checkout, which is still there.

    Where the project's store keeps checkouts apart, none replaces another.
    """
    other = other_checkout(repository, states, machine=engine.machine)
    if other is None or is_gone(other, machine=engine.machine) or engine.shares_checkouts(resolution.require_project()):
        return
    project, here = resolution.require_project(), repository.root
    take_over = f"--take-over lets {project.name!r} follow {here} from now on"
    own = f"codebase-core index {here}, without --project, gives it a project of its own; "
    raise OtherCheckoutIndexed(
        f"project {project.name!r} follows another checkout of this repository, {where(other, machine=engine.machine)}: its "
        f"questions would be answered from {here}",
        hint=f"{own if resolution.tier == 'explicit' else ''}{take_over}",
    )


async def register_checkout(engine: Engine, repository: Repository, resolution: Resolution) -> None:
    """Remember the folder; one that is at home elsewhere was indexed by the user's explicit word and stays there."""
    registry = await engine.registry()
    project = resolution.require_project()
    folder = checkout_root(repository, resolution.config)
    known = await registry.checkouts(machine=engine.machine, roots=[str(folder)])
    if not any(each.project == project.id for each in known):
        same = identity(repository, folder, machine=engine.machine)
        home = not any(each.home for each in known)
        await registry.attach(
            Checkout(project=project.id, machine=engine.machine, root=str(folder), identity=same, home=home),
            actor=actor(),
        )


async def finish_provisioning(engine: Engine, resolution: Resolution, choices: Choices) -> Resolution:
    """Finish a project that was made halfway."""
    project = resolution.require_project()
    if project.status != "active":
        projects = await engine.projects()
        await projects.provision(project, await engine.manifest(project.id, embedder=choices.embedder))
    return resolution


async def _created(engine: Engine, repository: Repository, resolution: Resolution, choices: Choices) -> Resolution:
    repository.check_folder()
    projects = await engine.projects()
    registry = await engine.registry()
    folder = checkout_root(repository, resolution.config)
    same = identity(repository, folder, machine=engine.machine)
    name = await _free_name(registry, repository.root) if resolution.name is None else resolution.name
    # A folder has one home; a project that is named explicitly may share it.
    known = await registry.checkouts(machine=engine.machine, roots=[str(folder)])
    home = resolution.tier == "none" or not any(each.home for each in known)
    project = await projects.create(
        name,
        id=resolution.id,
        store=choices.store or engine.settings["store"],
        server=engine.server_for(choices.store or engine.settings["store"], choices.server),
        manifest=lambda id: engine.manifest(id, embedder=choices.embedder),
        description=resolution.config.description if resolution.config else None,
        checkout=lambda id: Checkout(project=id, machine=engine.machine, root=str(folder), identity=same, home=home),
    )
    tier, evidence = resolution.tier, resolution.evidence
    if tier == "none":
        tier, evidence = "created", str(repository.root)
    return Resolution(tier=tier, evidence=evidence, project=project, config=resolution.config)


async def _free_name(registry: Registry, root: Path) -> str:
    for name in names_for(root):
        if await registry.find(name) is None:
            return name
    raise AssertionError("names are without end")
