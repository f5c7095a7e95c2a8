"""Which project a request means: tiers are asked in order, only «absent» falls through, and the answer says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from codebase_core_hookspecs import Request

from codebase_core.errors import ProjectNotFound, ProjectUnresolved

from .config_file import ConfigFile, find_config

if TYPE_CHECKING:
    from codebase_core_hookspecs import Checkout, Claim, Project, Registry, Resolver

    from .repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer for one request, made once and passed on.

    ``project`` is None when a tier names a project that does not exist yet (``name``), or when no tier knows any. ``root`` is
    the known checkout's, which may lie above the folder.
    """

    tier: str
    evidence: str
    project: Project | None = None
    name: str | None = None
    id: UUID | None = None
    root: Path | None = None
    config: ConfigFile | None = None

    def found(self) -> Project:
        """Return the project; raise ProjectUnresolved or ProjectNotFound with the next step."""
        if self.project is not None:
            return self.project
        if self.name is not None or self.id is not None:
            wanted = repr(self.name) if self.name is not None else self.id
            raise ProjectNotFound(f"project {wanted} does not exist ({self.evidence})", hint="codebase-core index .")
        raise ProjectUnresolved(
            f"no project is known for {self.evidence}", hint="codebase-core index . or --project NAME"
        )


async def resolve(
    repository: Repository,
    start: Path,
    *,
    registry: Registry,
    machine: UUID,
    explicit: str | None,
    intent: Literal["read", "write"],
    resolvers: Mapping[str, Resolver],
) -> Resolution:
    """Ask explicit choice, config file, checkouts, then the plugins' resolvers."""
    config = find_config(start, root=repository.root)
    if explicit is not None:
        return await _explicit(explicit, registry, config)
    if config is not None and config.auto_switch and (config.id is not None or config.name is not None):
        return await _looked_up(registry, "config", str(config.path), name=config.name, id=config.id, config=config)
    checkout = await _checkout(repository, registry=registry, machine=machine, intent=intent)
    if checkout is not None:
        project = await registry.get(checkout.project)
        return Resolution(
            tier="checkout", evidence=checkout.root, project=project, root=Path(checkout.root), config=config
        )
    for name, resolver in resolvers.items():
        claim: Claim | None = await resolver.resolve(Request(path=start, intent=intent))
        if claim is not None:
            return await _looked_up(registry, name, claim.evidence, name=claim.name, id=claim.id, config=config)
    return Resolution(tier="none", evidence=str(repository.root), config=config)


async def _checkout(
    repository: Repository, *, registry: Registry, machine: UUID, intent: Literal["read", "write"]
) -> Checkout | None:
    """Return the nearest known checkout at or above the root; a repository of its own is written to none above it."""
    roots = [str(folder) for folder in (repository.root, *repository.root.parents)]
    found = await registry.checkouts(machine=machine, roots=roots)
    if not found or (found[0].root != roots[0] and intent == "write" and repository.is_git):
        return None
    return found[0]


async def _explicit(wanted: str, registry: Registry, config: ConfigFile | None) -> Resolution:
    evidence = f"--project {wanted if wanted.isprintable() else repr(wanted)}"
    try:
        by_id: UUID | None = UUID(wanted)
    except ValueError:
        by_id = None
    if by_id is not None:
        project = await registry.get(by_id)
        if project is None or project.deleted_at is not None:
            raise ProjectNotFound(f"no project has the id {by_id}", hint="codebase-core projects list")
        return Resolution(tier="explicit", evidence=evidence, project=project, config=config)
    project = await registry.find(wanted)
    return Resolution(tier="explicit", evidence=evidence, project=project, name=wanted, config=config)


async def _looked_up(
    registry: Registry, tier: str, evidence: str, *, name: str | None, id: UUID | None, config: ConfigFile | None
) -> Resolution:
    """Look up a claim: an id wins over a name, and the evidence says when they disagree."""
    project = await registry.get(id) if id is not None else await registry.find(name) if name is not None else None
    if project is not None and project.deleted_at is not None:
        raise ProjectNotFound(f"project {project.name!r} was deleted ({evidence})", hint="codebase-core projects list")
    if project is not None and name is not None and project.name.casefold() != name.casefold():
        evidence = f"{evidence}: the id belongs to {project.name!r}, not to {name!r}"
    return Resolution(tier=tier, evidence=evidence, project=project, name=name, id=id, config=config)
