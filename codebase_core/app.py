"""The application: the public face of the engine for Python, and what the command line and the servers call.

async with App() as app:
    await app.index(Path("."))
    answer = await app.search("where are connections pooled")
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from codebase_core_hookspecs import SearchRequest, SymbolRequest

from .config.settings import Settings, load_settings
from .engine import Engine
from .errors import CheckoutBeingIndexed
from .jobs.job import Job
from .operations.assign_project import Choices, resolve_or_create
from .projects.active import active_project, use
from .projects.lookup import find_any_project, find_project
from .projects.names import as_id
from .projects.repository import Repository

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Unpack

    from codebase_core_hookspecs import (
        Answer,
        AnyRequest,
        CheckoutState,
        Freshness,
        Problem,
        Project,
        ProjectStore,
        RelatedRequest,
        Run,
        SearchFields,
        Status,
        SymbolFields,
    )

    from .indexing.changes import Changes
    from .indexing.progress import OnProgress
    from .indexing.service import IndexReport
    from .jobs import Jobs
    from .operations.doctor import Check
    from .operations.federated_search import FederatedAnswer
    from .operations.reindex import ReindexReport
    from .operations.try_embedders import EmbedderCheck, Trial
    from .projects.lifecycle import Projects
    from .projects.request import Intent
    from .projects.resolution import Resolution, Step
    from .projects.survey import Survey
    from .search.outline import Outline
    from .search.searcher import Searcher
    from .sources.scan import Scan


__all__ = ["App", "Choices"]


class App:
    """Everything the product does. One event loop; many tasks may use it at once."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.engine = Engine(settings or load_settings())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close what was opened; ``async with`` does it by itself."""
        await self.engine.aclose()

    @property
    def settings(self) -> Settings:
        """The settings that the application runs with."""
        return self.engine.settings

    @property
    def machine(self) -> UUID:
        """The id of this machine and account."""
        return self.engine.machine

    @cached_property
    def jobs(self) -> Jobs:
        """The index runs in processes of their own."""
        from .jobs import Jobs  # noqa: PLC0415 - not for a search

        return Jobs(self.settings)

    # Questions

    async def search(self, request: SearchRequest | str, **fields: Unpack[SearchFields]) -> Answer:
        """Answer a query: a SearchRequest, or the query alone with the request's other fields as keywords.

        A project that does not exist or is not indexed is an error; no hit is an answer.
        """
        return await self._ask(SearchRequest(request, **fields) if isinstance(request, str) else request)

    async def symbol(self, request: SymbolRequest | str, **fields: Unpack[SymbolFields]) -> Answer:
        """Return the definitions of a name: a SymbolRequest, or the name alone with the request's other fields as keywords."""
        return await self._ask(SymbolRequest(request, **fields) if isinstance(request, str) else request)

    async def related(self, request: RelatedRequest) -> Answer:
        """Return code that resembles what stands at a line of a file; raise FileNotIndexed."""
        return await self._ask(request)

    async def search_projects(
        self, request: SearchRequest | SymbolRequest, *, projects: Sequence[str] | None = None
    ) -> FederatedAnswer:
        """Ask several projects, by name or id, or all of them, and merge what they answer; the request's own is not used."""
        from .operations.federated_search import search_projects  # noqa: PLC0415

        return await search_projects(self.engine, request, projects=projects)

    async def outline(
        self, file: str, *, path: Path | str | None = None, project: str | None = None, local: bool = False
    ) -> Outline:
        """Return what a file defines; ``file`` is relative to ``path``. ``local`` takes in what is defined within functions."""
        folder = Path(path or "")
        resolution = await self.resolve(folder, project=project)
        searcher = await self.fresh_searcher(resolution)
        return await searcher.outline(file, folder=folder, local=local)

    async def _ask(self, request: AnyRequest) -> Answer:
        resolution = await self.resolve(request.folder or Path(), project=request.project)
        return await (await self.fresh_searcher(resolution)).ask(request)

    async def fresh_searcher(self, resolution: Resolution) -> Searcher:
        """Open a project for questions; of a new worktree or clone, find out before what it sees.

        Raises CheckoutBeingIndexed if that takes long. With the setting ``auto_index`` off a new checkout is answered from
        another one of its repository, and that is said.
        """
        if not self.settings["auto_index"]:
            return await self.searcher(resolution)
        from .operations.new_checkout import open_or_make_checkout  # noqa: PLC0415
        from .operations.search_project import open_searcher  # noqa: PLC0415 - numpy only where a search is made

        seen = await open_or_make_checkout(self.engine, resolution)
        if isinstance(seen, Job):
            raise CheckoutBeingIndexed(
                f"{seen.path} is being indexed for the first time, by job {seen.id}",
                hint=f"ask again when it has ended: codebase-core jobs show {seen.id}",
            )
        return await open_searcher(self.engine, resolution, seen=seen)

    async def searcher(self, resolution: Resolution, *, reranker: str | None = None) -> Searcher:
        """Open a project that is resolved already, to ask it more than one thing: definitions, outlines, what is related.

        ``reranker`` is another one than the settings choose, ``PLUGIN`` or ``PLUGIN:MODEL``; no answer ends without it.
        """
        from .operations.search_project import open_searcher  # noqa: PLC0415 - numpy only where a search is made

        return await open_searcher(self.engine, resolution, reranker=reranker)

    async def status(self, path: Path | str = Path(), *, project: str | None = None) -> Status:
        """Say what is indexed."""
        return await self.status_of(await self.resolve(path, project=project))

    async def status_of(self, resolution: Resolution, *, compare: bool = False) -> Status:
        """Say what is indexed in a project that is resolved already; ``compare`` adds how far its trees have moved since."""
        from .operations.status import status_of  # noqa: PLC0415

        return await status_of(self.engine, resolution, compare=compare)

    async def skipped(self, resolution: Resolution) -> AsyncIterator[dict[str, str]]:
        """Iterate over the files that are not indexed, or not as they should be, each with its reason."""
        from .operations.status import skipped_files  # noqa: PLC0415

        async for file in skipped_files(self.engine, resolution):
            yield file

    # Indexing

    async def init(self, path: Path | str = Path(), *, choices: Choices = Choices()) -> tuple[Resolution, bool]:
        """Make sure that a folder has a project, and say whether it was created now."""
        return await resolve_or_create(self.engine, Repository.at(path), choices)

    async def index(
        self,
        path: Path | str = Path(),
        *,
        choices: Choices = Choices(),
        force: bool = False,
        on_progress: OnProgress = lambda _: None,
        detail: Mapping[str, Any] = MappingProxyType({}),
    ) -> IndexReport:
        """Bring the index of a folder up to date; a folder that has no project gets one.

        ``detail`` is added to the record of the run.
        """
        from .operations.index_folder import index_folder  # noqa: PLC0415

        return await index_folder(
            self.engine, Repository.at(path), choices=choices, force=force, on_progress=on_progress, detail=detail
        )

    async def reindex(
        self,
        path: Path | str = Path(),
        *,
        project: str | None = None,
        embedder: str | None = None,
        without: Collection[str] = (),
        on_progress: OnProgress = lambda _: None,
    ) -> ReindexReport:
        """Build a project's index anew, with another embedder if one is named, and replace the old one by it at the end."""
        from .operations.reindex import reindex  # noqa: PLC0415

        resolution = await self.resolve(path, project=project, intent="write")
        return await reindex(
            self.engine, resolution, path=Path(path), embedder=embedder, without=without, on_progress=on_progress
        )

    async def abandon_reindex(self, path: Path | str = Path(), *, project: str | None = None) -> Resolution:
        """Drop what a reindex has built that did not end; the index that answers stays as it is."""
        from .operations.reindex import abandon  # noqa: PLC0415

        resolution = await self.resolve(path, project=project, intent="write")
        await abandon(self.engine, resolution)
        return resolution

    async def scan(self, path: Path | str, *, choices: Choices = Choices()) -> Scan:
        """Return what an index of a folder walks."""
        from .operations.compare_tree import scan_folder  # noqa: PLC0415

        return await scan_folder(self.engine, Repository.at(path), project=choices.project)

    async def changes(
        self, repository: Repository, *, project: Project, store: ProjectStore, name: str, limit: int
    ) -> Changes:
        """Compare a tree, or a part of one, with its index by size and time, up to a number of files that differ."""
        from .operations.compare_tree import compare_tree  # noqa: PLC0415

        return await compare_tree(self.engine, repository, project=project, store=store, name=name, limit=limit)

    async def open_checkout(self, resolution: Resolution) -> ProjectStore:
        """Open the index of a project that is resolved already, as the checkout sees it that is asked about."""
        from .operations.own_checkout import open_checkout  # noqa: PLC0415

        return await open_checkout(self.engine, resolution)

    async def refresh(self, resolution: Resolution, *, store: ProjectStore) -> Freshness:
        """Compare the trees of a project that are here with its index, and index what little has changed."""
        from .operations.refresh import refresh  # noqa: PLC0415

        return await refresh(self.engine, resolution, store=store)

    def start_job(self, path: Path | str, *, choices: Choices = Choices(), force: bool = False) -> Job:
        """Index in a process of its own, and return at once; one that does the same already is returned instead."""
        return self.jobs.start(Repository.at(path), choices=asdict(choices), force=force)

    async def run_of(self, job: Job) -> Run | None:
        """Return the run that a job records its progress in; None before it has begun."""
        from .operations.run_of_job import run_of_job  # noqa: PLC0415

        return await run_of_job(self.engine, job)

    # Embedders

    async def embedders(self) -> Sequence[EmbedderCheck]:
        """Open the default model of every embedder that is installed, fetching nothing."""
        from .operations.try_embedders import check_embedders  # noqa: PLC0415

        return await check_embedders(self.engine)

    async def try_embedder(self, choice: str | None = None) -> Trial:
        """Embed pieces of this program with an embedder, ``PLUGIN`` or ``PLUGIN:MODEL``, and take the time."""
        from .operations.try_embedders import try_embedder  # noqa: PLC0415

        return await try_embedder(self.engine, choice)

    # Projects

    async def resolve(self, path: Path | str, *, project: str | None = None, intent: Intent = "read") -> Resolution:
        """Find the project of a folder; call it once a request and pass the answer on."""
        return await self.engine.resolve(Repository.at(path), project=project, intent=intent)

    async def explain(self, path: Path | str, *, project: str | None = None, intent: Intent = "read") -> list[Step]:
        """Ask every tier of resolution and say what each saw."""
        return await self.engine.explain(Repository.at(path), project=project, intent=intent)

    async def projects(self) -> Projects:
        """Return the life cycle of projects over the registry."""
        return await self.engine.projects()

    async def create(
        self,
        name: str,
        *,
        description: str | None = None,
        tags: Iterable[str] = (),
        metadata: Mapping[str, Any] | None = None,
        store: str | None = None,
        server: str | None = None,
        embedder: str | None = None,
    ) -> Project:
        """Create a project without a folder; what is None is the settings' choice."""
        return await (await self.projects()).create(
            name,
            store=store or self.settings["store"],
            server=self.engine.server_for(store or self.settings["store"], server),
            manifest=lambda id: self.engine.manifest(id, embedder=embedder),
            description=description,
            tags=tags,
            metadata=metadata,
        )

    async def open(self, project: Project) -> ProjectStore:
        """Open a project's index."""
        return await self.engine.open(project)

    async def find(self, name: str) -> Project:
        """Return a live project by name or id; raise ProjectNotFound."""
        return await find_project(await self.engine.registry(), name)

    async def find_any(self, name: str) -> Project:
        """Return a project by name or id; deleted ones by id only."""
        return await find_any_project(await self.engine.registry(), name)

    async def id_of(self, name: str) -> UUID:
        """Return the id of a project by name; an id is returned as it is, also of one that was purged."""
        return as_id(name) or (await self.find(name)).id

    async def active(self) -> Project | None:
        """Return the project in use, None if there is none or it is gone."""
        chosen = active_project(self.settings.home)
        project = await (await self.engine.registry()).get(chosen) if chosen is not None else None
        return project if project is not None and project.deleted_at is None else None

    async def gone_checkouts(self) -> list[tuple[Project, list[CheckoutState]]]:
        """Return the projects with checkouts, others than main ones, whose folders are gone from this machine."""
        from .operations.gone_checkouts import all_gone  # noqa: PLC0415

        return await all_gone(self.engine)

    async def forget_checkout(self, project: Project, checkout: CheckoutState) -> None:
        """Drop what only a checkout sees, and free its folder; raise ProjectBusy while the project is written."""
        from .operations.gone_checkouts import forget_checkout  # noqa: PLC0415

        await forget_checkout(self.engine, project, checkout)

    async def use(self, name: str | None) -> Project | None:
        """Choose the project in use, by name or id, or none."""
        project = await self.find(name) if name is not None else None
        use(self.settings.home, project.id if project is not None else None)
        return project

    async def survey(self, *, days: float = 30) -> Survey:
        """Look into every project: what it holds, and whether it is stale."""
        from .projects.survey import survey  # noqa: PLC0415

        registry = await self.engine.registry()
        return await survey(
            await registry.list(),
            await registry.list(deleted=True),
            open_project=self.open,
            machine=self.machine,
            days=days,
        )

    # The installation

    async def verify(self) -> list[Problem]:
        """Compare the registry with what the servers hold."""
        from .operations.verify import verify  # noqa: PLC0415

        return await verify(self.engine)

    async def repair(self, problem: Problem, *, drop: bool = False) -> str | None:
        """Repair one problem and say what was done; None if it was left alone. ``drop`` allows dropping orphans."""
        from .operations.verify import repair  # noqa: PLC0415

        return await repair(self.engine, problem, drop=drop)

    async def doctor(self) -> list[Check]:
        """Check the installation."""
        from .operations.doctor import examine  # noqa: PLC0415

        return await examine(self.engine)
