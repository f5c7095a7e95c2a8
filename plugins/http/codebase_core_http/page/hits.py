"""Hits as the page shows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .highlighting import passage_lines
from .links import Lines, file_link, project_link, related_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codebase_core_hookspecs import Answer, Hit, MergedAnswer
    from markupsafe import Markup

_STATES = {
    "changed": "changed since it was indexed",
    "missing": "not there any more",
    "elsewhere": "of another checkout",
}
_CHART_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stage of a score, and how long its bar is in a chart of 100."""

    name: str
    value: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHit:
    """A hit with its addresses and its code."""

    hit: Hit
    project: str
    link: str
    project_link: str
    related: str
    lines: Sequence[Markup]
    chart: Sequence[Bar]

    @property
    def folder(self) -> str:
        """The folder of its file, with the last slash."""
        return self.hit.path[: self.hit.path.rfind("/") + 1]

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.hit.path.rpartition("/")[2]

    @property
    def state(self) -> str | None:
        """What is to be said of its file."""
        return _STATES.get(self.hit.state)


def of_answer(answer: Answer) -> list[ShownHit]:
    """Return the hits of one project."""
    name = answer.project.name if answer.project is not None else ""
    return [_shown(hit, name) for hit in answer.hits]


def of_merged(answer: MergedAnswer) -> list[ShownHit]:
    """Return the hits of several projects."""
    return [_shown(each.hit, each.project) for each in answer.hits]


def counted(values: Iterable[str | None]) -> list[tuple[str, int]]:
    """Return how often each value occurs, the most frequent first."""
    return sorted(Counter(filter(None, values)).items(), key=lambda pair: (-pair[1], pair[0]))


def _shown(hit: Hit, project: str) -> ShownHit:
    longest = max((abs(value) for value in hit.stages.values()), default=0.0) or 1.0
    return ShownHit(
        hit=hit,
        project=project,
        link=file_link(project, hit.repository, hit.path, lines=Lines(hit.start_line, hit.end_line)),
        project_link=project_link(project),
        related=related_link(project, hit),
        lines=passage_lines(hit.text, language=hit.language, path=hit.path),
        chart=[
            Bar(name=name, value=value, width=round(_CHART_WIDTH * abs(value) / longest, 1))
            for name, value in hit.stages.items()
        ],
    )
