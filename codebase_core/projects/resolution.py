"""Which project a request means: tiers are asked in order, only «absent» falls through, and the answer says why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from codebase_core.errors import CodebaseCoreError, ProjectNotFound, ProjectUnresolved, ResolverUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codebase_core_hookspecs import Project

    from .config_file import ConfigFile
    from .tiers import ResolutionRequest, Tier

Outcome = Literal["found", "absent", "unavailable", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer for one request, made once and passed on.

    ``project`` is None when a tier names a project that does not exist yet (``name``; ``missing`` says what became of it where
    that was looked for), or when no tier knows any. ``root`` is the known checkout's, which may lie above the folder.
    """

    tier: str
    evidence: str
    project: Project | None = None
    name: str | None = None
    id: UUID | None = None
    root: Path | None = None
    config: ConfigFile | None = None
    missing: ProjectNotFound | None = None

    def require_project(self) -> Project:
        """Return the project; raise ProjectUnresolved or ProjectNotFound with the next step."""
        if self.project is not None:
            return self.project
        if self.missing is not None:
            raise self.missing
        if self.name is not None or self.id is not None:
            wanted = repr(self.name) if self.name is not None else self.id
            raise ProjectNotFound(f"project {wanted} does not exist ({self.evidence})", hint="codebase-core index .")
        raise ProjectUnresolved(
            f"no project is known for {self.evidence}", hint="codebase-core index . or --project NAME"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return how ``--json`` names the project of an answer, and why it is that one; raise as ``require_project`` does."""
        project = self.require_project()
        return {"name": project.name, "id": str(project.id), "tier": self.tier, "evidence": self.evidence}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one tier saw."""

    tier: str
    outcome: Outcome
    detail: str
    project: Project | None = None


async def resolve(question: ResolutionRequest, tiers: Sequence[Tier], *, config: ConfigFile | None) -> Resolution:
    """Ask the tiers in order until one knows; raise what a tier raises. Nothing is ever asked twice."""
    notes: list[str] = []
    for tier in tiers:
        try:
            answer = await tier.ask(question)
        except ResolverUnavailable as exc:
            if question.intent == "write":
                raise
            notes.append(f"{tier.name} is unavailable: {exc.message}")
            continue
        if isinstance(answer, Resolution):
            return replace(answer, evidence="; ".join([answer.evidence, *notes]), config=config)
    return Resolution(tier="none", evidence="; ".join([str(question.repository.root), *notes]), config=config)


async def explain(question: ResolutionRequest, tiers: Sequence[Tier]) -> list[Step]:
    """Ask every tier, also those below the one that answers, and say what each saw."""
    return [await _step(question, tier) for tier in tiers]


async def _step(question: ResolutionRequest, tier: Tier) -> Step:
    try:
        answer = await tier.ask(question)
    except ResolverUnavailable as exc:
        return Step(tier=tier.name, outcome="unavailable", detail=exc.message)
    except CodebaseCoreError as exc:
        return Step(tier=tier.name, outcome="error", detail=exc.message)
    if not isinstance(answer, Resolution):
        return Step(tier=tier.name, outcome="absent", detail=answer)
    detail = answer.evidence
    if answer.project is None:
        detail = f"{detail}: names {answer.name or answer.id}, which does not exist"
    return Step(tier=tier.name, outcome="found", detail=detail, project=answer.project)
