"""Ask the tiers of resolution in order. Only an absent answer falls through to the next tier; an error is never skipped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codebase_core.errors import CodebaseCoreError, ResolverUnavailable

from .resolution import Resolution, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .config_file import ConfigFile
    from .request import ResolutionRequest
    from .tiers import Tier


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
            evidence = "; ".join([answer.evidence, *notes])
            return replace(answer, evidence=evidence, config=config, asked=question.repository)
    evidence = "; ".join([str(question.repository.root), *notes])
    return Resolution(tier="none", evidence=evidence, config=config, asked=question.repository)


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
