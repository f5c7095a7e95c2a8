"""The tiers of resolution: each answers with a resolution, or says what it saw that was no answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import Request

from codebase_core.errors import CheckoutUnconfirmed, CodebaseCoreError, PluginFailed, ProjectNotFound
from codebase_core.sources.boundaries import is_part_of

from .checkouts import at_home, belongs, by_folder, by_identity, is_held_elsewhere
from .lookup import unknown_project
from .names import as_id, check_name
from .resolution import Resolution, TierResult

if TYPE_CHECKING:
    from codebase_core_hookspecs import Claim, Project, Registry, Resolver

    from .request import ResolutionRequest


DEFAULT_ID, DEFAULT_NAME = UUID(int=0), "default"

_CHECKOUT, _DEFAULT, _ACTIVE = 200, 800, 900
"""Where core's own tiers stand among the plugins' (docs/projects.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One way to answer; a text is an absence and what was seen instead."""

    name: str
    ask: Callable[[ResolutionRequest], Awaitable[TierResult]]


def chain(resolvers: Iterable[tuple[int, str, Resolver]]) -> list[Tier]:
    """Return every tier in the order in which it is asked, the plugins' resolvers at their places."""
    own = [(_CHECKOUT, "checkout", _checkout), (_DEFAULT, "default", _default), (_ACTIVE, "active", _active)]
    placed: list[tuple[int, str, Callable[[ResolutionRequest], Awaitable[TierResult]]]] = [
        *own,
        *((place, name, _asking(name, resolver)) for place, name, resolver in resolvers),
    ]
    placed.sort(key=lambda each: each[:2])
    return [Tier(name="explicit", ask=_explicit), *(Tier(name=name, ask=ask) for _, name, ask in placed)]


async def _explicit(question: ResolutionRequest) -> TierResult:
    wanted = question.explicit
    if wanted is None:
        return "no --project, no setting project"
    evidence = f"--project {wanted if wanted.isprintable() else repr(wanted)}"
    by_id = as_id(wanted)
    if by_id is not None:
        project = await question.registry.get(by_id)
        if project is None or project.deleted_at is not None:
            raise await unknown_project(question.registry, wanted)
        return Resolution(tier="explicit", evidence=evidence, project=project)
    project = await question.registry.find(check_name(wanted))
    why = None
    if project is None and question.intent == "read":
        why = await unknown_project(question.registry, wanted, make=f"codebase-core index . --project {quote(wanted)}")
    return Resolution(tier="explicit", evidence=evidence, project=project, name=wanted, missing=why)


async def _checkout(question: ResolutionRequest) -> TierResult:
    """Ask for the folder first; another checkout of the same repository may be read, and is said to be another."""
    found = await by_folder(question)
    if found is not None:
        project = await question.registry.get(found.project)
        root = Path(found.root)
        above = root if question.repository.root.is_relative_to(root) else None
        return Resolution(tier="checkout", evidence=found.root, project=project, root=above)
    other = await by_identity(question)
    if other is None:
        return f"neither {question.start} nor another checkout of its repository is known"
    return Resolution(tier="checkout", evidence=other.evidence, project=other.project)


def _asking(name: str, resolver: Resolver) -> Callable[[ResolutionRequest], Awaitable[TierResult]]:
    async def ask(question: ResolutionRequest) -> TierResult:
        request = Request(path=question.start, root=question.repository.root, intent=question.intent)
        try:
            claim = await resolver.resolve(request)
        except CodebaseCoreError:
            raise
        except Exception as exc:
            raise PluginFailed(
                f"resolver {name!r} failed: {type(exc).__name__}: {exc}",
                hint="name the --project, or leave third-party plugins out: codebase-core --no-plugins",
            ) from exc
        if claim is None or (claim.name is None and claim.id is None):
            return claim.evidence if claim is not None else "knows nothing of this folder"
        if claim.root is not None and not _speaks_for(claim.root, question):
            return f"{claim.evidence} speaks for {claim.root}, which {question.repository.root} is no part of"
        return await _looked_up(question, name, claim)

    return ask


def _speaks_for(folder: Path, question: ResolutionRequest) -> bool:
    """Tell whether what is said of a folder holds for a repository within it: for a submodule, not for a nested clone."""
    root = question.repository.root
    inside = question.repository.is_git and root != folder and root.is_relative_to(folder)
    return not inside or is_part_of(root, folder)


async def _looked_up(question: ResolutionRequest, tier: str, claim: Claim) -> TierResult:
    """Look up a claim: an id wins over a name, and the evidence says when they disagree.

    A file that is committed is in every clone and worktree: what it names is that of one of them.
    """
    project = await _claimed(question.registry, claim)
    evidence = claim.evidence
    if project is not None and project.deleted_at is not None:
        raise ProjectNotFound(
            f"project {project.name!r} was deleted ({evidence})", hint=f"codebase-core projects restore {project.id}"
        )
    if project is not None and claim.name is not None and project.name.casefold() != claim.name.casefold():
        evidence = f"{evidence}: the id belongs to {project.name!r}, not to {claim.name!r}"
    if project is not None and not claim.confirmed and not await belongs(question, project, claim.root):
        elsewhere = await is_held_elsewhere(question, project, claim.root)
        own = await at_home(question, claim.root) if elsewhere else None
        if own is not None and own.project != project.id:
            return f"{evidence} names {project.name!r}; {own.root} has a project of its own"
        shared = elsewhere and question.shares(project)
        if question.intent == "write" and elsewhere and not shared:
            return f"{evidence} names {project.name!r}, which holds another checkout of this repository"
        if question.intent == "write" and not shared:
            raise CheckoutUnconfirmed(
                f"{claim.evidence} names project {project.name!r}, which this checkout does not belong to",
                hint=f"if it should, say so once: codebase-core index --project {project.name!r}",
            )
        if not shared:
            evidence = f"{evidence}; this checkout does not belong to {project.name!r}"
    return Resolution(tier=tier, evidence=evidence, project=project, name=claim.name, id=claim.id)


async def _claimed(registry: Registry, claim: Claim) -> Project | None:
    if claim.id is not None:
        return await registry.get(claim.id)
    return await registry.find(claim.name) if claim.name is not None else None


async def _default(question: ResolutionRequest) -> TierResult:
    if not question.default:
        return "the setting default_project is off"
    project = await question.registry.get(DEFAULT_ID)
    return Resolution(
        tier="default", evidence="setting default_project", project=project, name=DEFAULT_NAME, id=DEFAULT_ID
    )


async def _active(question: ResolutionRequest) -> TierResult:
    if question.active is None:
        return "no project is in use (codebase-core projects use NAME)"
    if question.intent == "write":
        return "the project in use is for reading only"
    project = await question.registry.get(question.active)
    if project is None or project.deleted_at is not None:
        raise ProjectNotFound(
            f"the project in use, {question.active}, is gone", hint="codebase-core projects use NAME, or --none"
        )
    return Resolution(tier="active", evidence="codebase-core projects use", project=project)
