"""Ask many projects at once: each answers for itself, and what they find is merged by how well it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from codebase_core_hookspecs import Freshness

from codebase_core.errors import CodebaseCoreError
from codebase_core.projects.lookup import find_project
from codebase_core.projects.repository import Repository
from codebase_core.search.packing import HEADING, tokens
from codebase_core.search.service import RELEVANT

from .search_project import open_searcher

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer, Hit, SearchRequest, SymbolRequest

    from codebase_core.engine import Engine

ANYWHERE = Repository(root=Path("/"), scope="")
"""Where to ask for a project by its name."""

NOT_COMPARED = Freshness(state="unknown", reason="a search over several projects looks at no tree")

AT_ONCE = 8
"""Projects that are asked at a time: fewer than the connections to a server."""


class ProjectHit(NamedTuple):
    """A hit and the answer that it is from."""

    answer: Answer
    hit: Hit

    @property
    def project(self) -> str:
        """The name of the project that it is from."""
        return self.answer.project.name if self.answer.project is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FederatedAnswer:
    """The answers by project, and the message of each project that could not be asked."""

    request: SearchRequest | SymbolRequest
    answers: Sequence[Answer]
    unavailable: Mapping[str, str]

    def hits(self) -> list[ProjectHit]:
        """Return the best hits; those of a project keep their order.

        Scores are relative to what a project has, so each project's are scaled to how relevant its best hit is, and what is not
        relevant is left out where another project has something. Definitions of a name are merged by how exactly they have it.
        """
        scaled = [
            (_place(value), rank, ProjectHit(answer, hit))
            for answer in self.answers
            for rank, (hit, value) in enumerate(zip(answer.hits, _comparable(answer), strict=True))
            if _relevant(answer) or not any(map(_relevant, self.answers))
        ]
        best = [found for _, _, found in sorted(scaled, key=lambda each: each[:2])[: self.request.limit]]
        max_tokens = self.request.excerpt.max_tokens
        if max_tokens is None:
            return best
        used = accumulate(HEADING + tokens(found.hit.path) + tokens(found.hit.text) for found in best)
        return [found for found, size in zip(best, used, strict=True) if size <= max_tokens]

    def as_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        shown = [answer.as_dict(explain=explain) for answer in self.answers]
        return {
            "query": self.request.query,
            "projects": [
                {**each["project"], **{key: each[key] for key in ("index", "freshness", "timings")}} for each in shown
            ],
            "unavailable": [{"project": name, "error": error} for name, error in self.unavailable.items()],
            "hits": [{"project": found.project, **found.hit.as_dict(explain=explain)} for found in self.hits()],
        }


def _relevance(answer: Answer) -> float:
    """Return how relevant the best hit of an answer is; one that was looked up by name is."""
    return max((hit.stages.get("relevance", 1.0) for hit in answer.hits), default=0.0)


def _relevant(answer: Answer) -> bool:
    return _relevance(answer) >= RELEVANT


def _comparable(answer: Answer) -> list[tuple[float, float]]:
    """Return for each hit how exactly it has the name that is asked for, and its score on the scale of all projects."""
    most = max((hit.score for hit in answer.hits if not hit.stages.get("exact")), default=0.0)
    scale = _relevance(answer) / most if most else 0.0
    values = []
    for hit in answer.hits:
        if "distance" in hit.stages:
            values.append((-hit.stages["distance"], hit.score))
        elif hit.stages.get("exact"):
            values.append((1.0, hit.score))
        else:
            values.append((0.0, scale * hit.score))
    return values


def _place(value: tuple[float, float]) -> tuple[float, float]:
    """Return what sorts the best first."""
    return -value[0], -value[1]


async def search_projects(
    engine: Engine, request: SearchRequest | SymbolRequest, *, projects: Sequence[str] | None
) -> FederatedAnswer:
    """Ask the projects with these names or ids, None for all; raise what stops them if none can answer.

    Of the repository that the request's folder is in, its own checkout answers, if that is indexed. No tree is compared.
    """
    place = Repository.at(request.folder) if request.folder is not None else ANYWHERE
    if projects is None:
        projects = [str(project.id) for project in await (await engine.registry()).list() if project.status == "active"]
    places = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> Answer | CodebaseCoreError:
        try:
            async with places:
                answer = await (await open_searcher(engine, await engine.resolve(place, project=name))).ask(request)
                return replace(answer, freshness=answer.freshness or NOT_COMPARED)
        except CodebaseCoreError as exc:
            return exc

    names = list(dict.fromkeys(projects))
    results = await asyncio.gather(*(one(name) for name in names))
    failures = {
        name: result for name, result in zip(names, results, strict=True) if isinstance(result, CodebaseCoreError)
    }
    answers = [result for result in results if not isinstance(result, CodebaseCoreError)]
    if failures and not answers:
        raise next(iter(failures.values()))
    return FederatedAnswer(
        request=request,
        answers=answers,
        unavailable={await _called(engine, name): exc.message for name, exc in failures.items()},
    )


async def _called(engine: Engine, name: str) -> str:
    """Return a project's name where it was asked by its id."""
    try:
        return (await find_project(await engine.registry(), name)).name
    except CodebaseCoreError:
        return name
