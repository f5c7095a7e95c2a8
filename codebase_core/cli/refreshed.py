"""Answers that are as fresh as their trees: what commands that answer look at before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Self

import click

from .output import printable

if TYPE_CHECKING:
    from pathlib import Path

    from codebase_core_hookspecs import Answer, AnyRequest, Freshness

    from codebase_core.app import App
    from codebase_core.search.searcher import Searcher


@dataclass(kw_only=True)
class RefreshedSearcher:
    """A project that is asked one question or many, its trees looked at before, every few seconds at most."""

    app: App
    searcher: Searcher
    refreshing: bool
    _looked: float = field(default=float("-inf"), init=False)
    _freshness: Freshness | None = field(default=None, init=False)

    @classmethod
    async def of(cls, app: App, folder: Path, *, project: str | None, no_refresh: bool) -> Self:
        """Open the project that a folder, or a name, leads to."""
        resolution = await app.resolve(folder, project=project)
        searcher = await (app.searcher(resolution) if no_refresh else app.fresh_searcher(resolution))
        return cls(app=app, searcher=searcher, refreshing=not no_refresh)

    async def freshness(self) -> Freshness | None:
        """Look at the trees if it is time to; None where nobody wants that."""
        if self.refreshing and monotonic() - self._looked > self.app.settings["revalidate_seconds"]:
            self._freshness = await self.app.refresh(self.searcher.resolution, store=self.searcher.store)
            self._looked = monotonic()
        return self._freshness

    async def ask(self, request: AnyRequest) -> Answer:
        """Answer a request and say how fresh that is."""
        freshness = await self.freshness()
        answer = await self.searcher.ask(request)
        return replace(answer, freshness=answer.freshness or freshness)


def print_freshness(freshness: Freshness | None) -> None:
    """Say on stderr how fresh an answer is, unless all is as it should be."""
    if freshness is None or (freshness.state == "current" and freshness.reason is None):
        return
    state = {"current": "", "unknown": "not compared: "}.get(freshness.state, "")
    click.echo(printable(f"index: {state}{freshness.reason or freshness.state}"), err=True)
