"""Keep answers fresh: look at the tree every few seconds, index small changes at once and larger ones in a job."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from uuid import UUID

from codebase_core_hookspecs import Freshness

from codebase_core.errors import CodebaseCoreError
from codebase_core.indexing import changes as counted
from codebase_core.indexing.scopes import common_parts, covers, indexed_scopes, only_parts
from codebase_core.operations.assign_project import Choices, choices_within
from codebase_core.operations.tree_freshness import elsewhere, index_part, not_indexed, nothing_here, rest_of
from codebase_core.projects.repository import Repository

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, ProjectStore, RepositoryState

    from codebase_core.app import App
    from codebase_core.jobs import Job

logger = logging.getLogger(__name__)

SHARE = 10
"""Looking at a tree takes at most a tenth of the time."""

FAILED_SECONDS = 600
"""A job that failed is not tried again by a question for so long."""

_ELSEWHERE = "not here, or not among those that may be indexed from here"
_MOST_PROJECTS = 1_000


Parts: TypeAlias = "Callable[[Path], Sequence[str]]"
"""What of a root may be looked at, relative to it: ``""`` for all of it, nothing, or some folders."""


class _Place(NamedTuple):
    """A repository whose tree is here, and what of it may be looked at."""

    state: RepositoryState
    parts: tuple[str, ...]


@dataclass(slots=True)
class _Tree:
    """What is known of one repository: when the last look ``began``, how long comparing ``took``, why it may be ``behind``.

    ``only`` are the parts that are indexed, empty for all of it; ``extending``: somebody asked for more, so they become more.
    """

    began: float = float("-inf")
    took: float = 0.0
    looking: asyncio.Task[None] | None = None
    behind: str | None = None
    job: str | None = None
    updates: int = 0
    only: Sequence[str] = ()
    extending: bool = False


@dataclass(slots=True)
class Revalidation:
    """The trees that were asked about; what looks at one is shared by all requests that wait for it."""

    app: App
    _trees: dict[tuple[UUID, str, tuple[str, ...]], _Tree] = field(default_factory=dict)
    _known: dict[tuple[UUID, str], tuple[float, Sequence[RepositoryState]]] = field(default_factory=dict)

    async def check(
        self,
        project: Project,
        store: ProjectStore,
        *,
        asked: Repository | None,
        parts: Parts,
        now: bool = False,
    ) -> Freshness:
        """Look at the trees whose time has come (``now``: at all) and wait for that as long as the settings say.

        ``asked`` is the repository, and the part of it, that the question is about: what is indexed may be another checkout, or
        another part. ``parts`` tells what of a root may be looked at.
        """
        known = await self._repositories(project, store, asked=asked, now=now)
        found = elsewhere(self.app.engine, asked, known)
        if found is not None:
            return found
        here = self._here(known, parts)
        if not here:
            return nothing_here(known, why=f"its folder is {_ELSEWHERE}")
        try:
            async with asyncio.timeout(self.app.settings["revalidate_budget"]):
                await asyncio.gather(*(self._looked(project, store, each, asked=asked, now=now) for each in here))
        except TimeoutError:
            return Freshness(state="behind", reason="the tree is being compared with the index")
        trees = [self._tree(project, each) for each in here]
        for tree in trees:
            if tree.behind is not None:
                return Freshness(state="behind", reason=tree.behind, job=tree.job)
        reasons = [rest_of(each.state.root, tree.only) for tree, each in zip(trees, here, strict=True) if tree.only]
        reasons += [
            f"only {', '.join(each.parts)} of {each.state.root} was compared" for each in here if any(each.parts)
        ]
        if others := [each.name for each in known if each.indexed_at and each not in [place.state for place in here]]:
            reasons.append(f"{', '.join(others)} not compared: {_ELSEWHERE}")
        return Freshness(state="current", reason="; ".join(reasons) or None)

    def is_due(self, project: Project, *, asked: Repository | None, parts: Parts, seconds: float) -> bool:
        """Whether the last look at a tree of a project began longer ago than this, or than such a look may be repeated."""
        _, known = self._known.get(_key(project, asked), (0.0, ()))
        trees = (self._tree(project, each) for each in self._here(known, parts))
        return any(monotonic() - tree.began > max(seconds, SHARE * tree.took) for tree in trees)

    def updates(self, project: Project) -> int:
        """Return how often changes of a project's trees were indexed on the spot."""
        return sum(tree.updates for (id, _, _), tree in self._trees.items() if id == project.id)

    async def aclose(self) -> None:
        """Stop looking."""
        tasks = [tree.looking for tree in self._trees.values() if tree.looking is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _here(self, repositories: Sequence[RepositoryState], parts: Parts) -> Sequence[_Place]:
        """Return those whose trees can be looked at, or parts of them."""
        return [
            _Place(each, tuple(seen))
            for each in repositories
            if each.machine == self.app.machine and each.indexed_at and (seen := parts(Path(each.root)))
        ]

    def _tree(self, project: Project, place: _Place) -> _Tree:
        return self._trees.setdefault((project.id, place.state.root, place.parts), _Tree())

    async def _repositories(
        self, project: Project, store: ProjectStore, *, asked: Repository | None, now: bool
    ) -> Sequence[RepositoryState]:
        """Return a project's repositories as a checkout sees them; asked for as rarely as a tree is looked at."""
        chosen: float = self.app.settings["revalidate_seconds"]
        key = _key(project, asked)
        since, found = self._known.get(key, (float("-inf"), ()))
        # What was another checkout's a moment ago may have become the asker's own.
        other = elsewhere(self.app.engine, asked, found) is not None
        if now or other or not chosen or monotonic() - since > chosen:
            if len(self._known) >= _MOST_PROJECTS:
                self._known.clear()
            since, found = monotonic(), await store.repositories()
            self._known[key] = since, found
        return found

    def _interval(self, tree: _Tree) -> float:
        """Return the seconds between two looks: a tree that takes long is looked at less often."""
        chosen: float = self.app.settings["revalidate_seconds"]
        return max(chosen, SHARE * tree.took) if chosen else 0.0

    async def _looked(
        self, project: Project, store: ProjectStore, place: _Place, *, asked: Repository | None, now: bool
    ) -> None:
        """Wait until a look at a tree has ended that is not too old; it goes on when the waiting is given up.

        Where that shows that more is asked for than is indexed, wait for another one, which adds it.
        """
        tree = self._tree(project, place)
        # What was seen before may have changed since: a look counts only if it began late enough.
        await self._wait(tree, project, store, place, since=monotonic() - (0 if now else self._interval(tree)))
        within = asked is not None and str(asked.root) == place.state.root
        if asked is None or not within or not tree.only or not self.app.settings["auto_index"]:
            return
        if covers(place.parts, asked.scope) and not covers(tree.only, asked.scope) and not tree.extending:
            tree.extending = True
            await self._wait(tree, project, store, place, since=monotonic())

    async def _wait(self, tree: _Tree, project: Project, store: ProjectStore, place: _Place, *, since: float) -> None:
        while tree.looking is not None or tree.began < since:
            if tree.looking is None:
                tree.began = monotonic()
                tree.looking = asyncio.create_task(self._look(tree, project, store, place))
            await asyncio.wait({tree.looking})

    async def _look(self, tree: _Tree, project: Project, store: ProjectStore, place: _Place) -> None:
        repository = place.state
        try:
            tree.behind, tree.job = await self._update(tree, project, store, place)
        except CodebaseCoreError as exc:
            tree.behind, tree.job = not_indexed(exc), None
        except Exception as exc:
            logger.exception("revalidation failed", extra={"root": repository.root})
            tree.behind, tree.job = f"it could not be brought up to date: {type(exc).__name__}", None
        finally:
            tree.looking = None

    async def _update(
        self, tree: _Tree, project: Project, store: ProjectStore, place: _Place
    ) -> tuple[str | None, str | None]:
        """Bring one repository, or what is seen of it, up to date; return why it is not and the job that will do it."""
        took, state = 0.0, place.state
        indexed = await indexed_scopes(store, state.name)
        tree.only = () if indexed == [""] else indexed
        why = f"{only_parts(state.root, indexed)} so far" if tree.only and tree.extending else "many files changed"
        for scope in place.parts if tree.extending else common_parts(indexed, place.parts):
            part = Repository(root=Path(state.root), scope=scope)
            path = part.root / scope
            began = monotonic()
            changes = await self.app.changes(
                part, project=project, store=store, name=state.name, limit=counted.SMALL_FILES
            )
            took += monotonic() - began
            tree.took = max(tree.took, took)
            if not changes.small:
                if (failed := self._failed_lately(path)) is not None:
                    return f"{why}, and indexing the rest failed: {failed.report.get('error')}", failed.id
                job = self.app.start_job(path, choices=await self._choices(project, path))
                return why, job.id
            if changes.files:
                await index_part(self.app.engine, part, project=project)
                tree.updates += 1
        if tree.extending and tree.only:
            indexed = await indexed_scopes(store, state.name)
            tree.only, tree.extending = () if indexed == [""] else indexed, False
        tree.took = took
        return None, None

    def _failed_lately(self, path: Path) -> Job | None:
        """Return the last job of a folder if it failed not long ago: the next one would as well."""
        last = next((job for job in self.app.jobs.list() if job.path == path), None)
        if last is None or last.state != "failed" or last.ended_at is None:
            return None
        return last if (datetime.now(UTC) - last.ended_at).total_seconds() < FAILED_SECONDS else None

    async def _choices(self, project: Project, path: Path) -> Choices:
        return await choices_within(self.app.engine, Repository.at(path), project)


def _key(project: Project, asked: Repository | None) -> tuple[UUID, str]:
    return project.id, str(asked.root) if asked is not None else ""
