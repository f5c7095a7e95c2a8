"""The application: one object that the command line, and every other front, calls.

async with App(load_settings()) as app:
await app.index(Path("."))
answer = await app.search("where are connections pooled")
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self
from uuid import UUID

from codebase_core_hookspecs import Filters

from .config.settings import Settings, load_settings
from .engine import Opened
from .errors import NotProvisioned, PathUnusable, Unsupported
from .jobs import Jobs
from .operations.assign_project import Choices, settle
from .operations.status import Status
from .projects.active import active_project, use
from .projects.config_file import find_config
from .projects.generations import in_current
from .projects.lifecycle import Projects
from .projects.machine import machine_id
from .projects.missing import missing
from .projects.names import as_id, check_name
from .projects.repository import Repository
from .projects.resolution import Resolution, Step, explain, resolve
from .projects.tiers import Question, chain

if TYPE_CHECKING:
    from types import TracebackType

    from codebase_core_hookspecs import Manifest, Problem, Project, ProjectStore, Run

    from .indexing.changes import Changes
    from .indexing.progress import OnProgress
    from .indexing.service import IndexReport
    from .jobs import Job
    from .operations.doctor import Check
    from .operations.reindex import ReindexReport
    from .projects.survey import Survey
    from .search.answer import Answer
    from .search.searcher import Questions
    from .sources.scan import Scan


__all__ = ["App", "Choices"]

_RECENT_RUNS = 50


class App:
    """Everything the product does. One event loop; many tasks may use it at once."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or load_settings()
        self.opened = Opened(self.settings)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.opened.aclose()

    @cached_property
    def jobs(self) -> Jobs:
        """The index runs in processes of their own."""
        return Jobs(self.settings)

    @cached_property
    def machine(self) -> UUID:
        """The id of this machine and account."""
        return machine_id(self.settings.home)

    async def projects(self) -> Projects:
        """Return the life cycle of projects over the registry."""
        return Projects(
            await self.opened.registry(),
            self.opened.store,
            home=self.settings.home,
            plugin=self.opened.plugins.store,
        )

    async def resolve(
        self, path: Path, *, project: str | None = None, intent: Literal["read", "write"] = "read"
    ) -> Resolution:
        """Find the project of a folder; call it once a request and pass the answer on."""
        repository = Repository.at(path)
        return await self.resolve_place(repository, project=project, intent=intent)

    async def explain(
        self, path: Path, *, project: str | None = None, intent: Literal["read", "write"] = "read"
    ) -> list[Step]:
        """Ask every tier of resolution and say what each saw."""
        question = await self._question(Repository.at(path), project=project, intent=intent)
        return await explain(question, chain(await self.opened.resolvers()))

    async def id_of(self, name: str) -> UUID:
        """Return the id of a project by name; an id is returned as it is, also of one that was purged."""
        return as_id(name) or (await self.find(name)).id

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
            server=self.server_for(store or self.settings["store"], server),
            manifest=lambda id: self.manifest(id, embedder=embedder),
            description=description,
            tags=tags,
            metadata=metadata,
        )

    def server_for(self, store: str, chosen: str | None, *, default: str = "") -> str:
        """Return the server of a store's new place: chosen, by default, of the settings; empty for a store without servers."""
        if self.opened.plugins.store(store).servers:
            return self.settings.server(chosen or default or self.settings["server"]).name
        if chosen:
            raise Unsupported(f"store {store!r} keeps its projects on no server", hint="leave --server out")
        return ""

    async def survey(self, *, days: float = 30) -> Survey:
        """Look into every project: what it holds, and whether it is stale."""
        from .projects.survey import survey  # noqa: PLC0415 - only where it is used

        registry = await self.opened.registry()
        return await survey(
            await registry.list(),
            await registry.list(deleted=True),
            open_project=self.open,
            machine=self.machine,
            days=days,
        )

    async def find(self, name: str) -> Project:
        """Return a live project by name or id; raise ProjectNotFound."""
        registry = await self.opened.registry()
        id = as_id(name)
        found = await registry.get(id) if id is not None else await registry.find(check_name(name))
        if found is None or found.deleted_at is not None:
            raise await missing(registry, name)
        return found

    async def find_any(self, name: str) -> Project:
        """Return a project by name or id; deleted ones by id only."""
        id = as_id(name)
        project = await (await self.opened.registry()).get(id) if id is not None else None
        return project or await self.find(name)

    async def active(self) -> Project | None:
        """Return the project in use, None if there is none or it is gone."""
        chosen = active_project(self.settings.home)
        found = await (await self.opened.registry()).get(chosen) if chosen is not None else None
        return found if found is not None and found.deleted_at is None else None

    async def use(self, name: str | None) -> Project | None:
        """Choose the project in use, by name or id, or none."""
        found = await self.find(name) if name is not None else None
        use(self.settings.home, found.id if found is not None else None)
        return found

    async def search(
        self,
        query: str,
        *,
        path: Path = Path(),
        project: str | None = None,
        limit: int = 10,
        filters: Filters = Filters(),
        stages: frozenset[str] | None = None,
    ) -> Answer:
        """Answer a query; a project that does not exist or is not indexed is an error, no hit is an answer."""
        resolution = await self.resolve(path, project=project)
        return await self.search_in(resolution, query, limit=limit, filters=filters, stages=stages)

    async def search_in(
        self,
        resolution: Resolution,
        query: str,
        *,
        limit: int = 10,
        filters: Filters = Filters(),
        stages: frozenset[str] | None = None,
    ) -> Answer:
        """Answer a query in a project that is resolved already."""
        from .search.ranking import STAGES  # noqa: PLC0415 - numpy and all that only where a search is made

        questions = await self.questions(resolution)
        return await questions.search(query, limit=limit, filters=filters, stages=STAGES if stages is None else stages)

    async def questions(self, resolution: Resolution) -> Questions:
        """Open a project that is resolved already, to ask it more than one thing: definitions, outlines, what is related."""
        from .search.searcher import Index, Questions, opened  # noqa: PLC0415 - numpy and all that only where a search is made

        async def reopen() -> Index:
            return await opened(self, resolution.found())

        store, embedder = await reopen()
        return Questions(resolution=resolution, store=store, embedder=embedder, machine=self.machine, reopen=reopen)

    async def open(self, project: Project) -> ProjectStore:
        """Open a project's index."""
        store = await self.opened.store(project.binding.store)
        return await store.open(project.binding, project=project.id)

    async def status(self, path: Path = Path(), *, project: str | None = None) -> Status:
        """Say what is indexed."""
        return await self.status_of(await self.resolve(path, project=project))

    async def status_of(self, resolution: Resolution) -> Status:
        """Say what is indexed in a project that is resolved already."""
        from .indexing.scopes import indexed_parts  # noqa: PLC0415 - only where it is used

        project = resolution.found()

        async def look() -> Status:
            store = await self.open(project)
            return Status(
                resolution=resolution,
                statistics=await store.statistics(),
                manifest=store.manifest,
                next=await self._next(project),
                parts=await indexed_parts(store),
            )

        return await in_current(look)

    async def _next(self, project: Project) -> Manifest | None:
        if "generations" not in self.opened.plugins.store(project.binding.store).supports:
            return None
        return await (await self.opened.store(project.binding.store)).unfinished(project.binding, project=project.id)

    async def reindex(
        self,
        path: Path = Path(),
        *,
        project: str | None = None,
        embedder: str | None = None,
        without: Collection[str] = (),
        on_progress: OnProgress = lambda _: None,
    ) -> ReindexReport:
        """Build a project's index anew, with another embedder if one is named, and replace the old one by it at the end."""
        from .operations.reindex import reindex  # noqa: PLC0415 - only where it is used

        resolution = await self.resolve(path, project=project, intent="write")
        return await reindex(self, resolution, path=path, embedder=embedder, without=without, on_progress=on_progress)

    async def skipped(self, resolution: Resolution) -> AsyncIterator[dict[str, str]]:
        """Iterate over the files that are not indexed, or not as they should be, each with its reason."""
        store = await self.open(resolution.found())
        async for page in store.skipped_files():
            for repository, state in page:
                reason = state.skipped or f"cut by lines: {state.fallback}"
                yield {"repository": repository, "path": state.path, "reason": reason}

    async def verify(self) -> list[Problem]:
        """Compare the registry with what the servers hold.

        Looked at are the stores that hold projects, and where new ones would go: the chosen store and those of its section.
        """
        plugins = self.opened.plugins
        kin = plugins.store(self.settings["store"]).table
        stores = {
            plugin.name: [self.server_for(plugin.name, None)] if plugin.table == kin else []
            for plugin in plugins.stores()
        }
        return await (await self.projects()).verify(stores)

    async def repair(self, problem: Problem, *, drop: bool = False) -> str | None:
        """Mend one problem and say what was done; None if it was left alone. ``drop`` allows dropping orphans."""
        return await (await self.projects()).repair(problem, manifest=self.manifest, drop=drop)

    async def doctor(self) -> list[Check]:
        """Check the installation."""
        from .operations.doctor import examine  # noqa: PLC0415

        return await examine(self)

    async def init(self, path: Path = Path(), *, choices: Choices = Choices()) -> tuple[Resolution, bool]:
        """Make sure that a folder has a project, and say whether it was created now."""
        return await settle(self, Repository.at(path), choices)

    async def index(
        self,
        path: Path = Path(),
        *,
        choices: Choices = Choices(),
        force: bool = False,
        on_progress: OnProgress = lambda _: None,
        detail: Mapping[str, Any] = MappingProxyType({}),
    ) -> IndexReport:
        """Bring the index of a folder up to date; a folder that has no project gets one.

        ``detail`` is added to the record of the run.
        """
        from .operations.index_folder import index_folder  # noqa: PLC0415 - only where it is used

        return await index_folder(
            self, Repository.at(path), choices=choices, force=force, on_progress=on_progress, detail=detail
        )

    async def scan(self, path: Path, *, choices: Choices = Choices()) -> Scan:
        """Return what an index of a folder walks."""
        from .indexing.service import scan_of  # noqa: PLC0415 - only where it is used

        place = Repository.at(path)
        resolution = await self.resolve_place(place, project=choices.project, intent="read")
        if resolution.root is not None and resolution.root != place.root:
            place = place.within(resolution.root)
        return scan_of(place, config=resolution.config, settings=self.settings)

    async def changes(
        self, place: Repository, *, project: Project, store: ProjectStore, repository: str, limit: int
    ) -> Changes:
        """Compare a tree, or a part of one, with its index by size and time, up to a number of files that differ."""
        from .indexing.changes import changes  # noqa: PLC0415 - only where it is used
        from .indexing.service import scan_of  # noqa: PLC0415

        resolution = await self.resolve_place(place, project=str(project.id), intent="read")
        scan = scan_of(place, config=resolution.config, settings=self.settings)
        return await changes(
            scan,
            store=store,
            repository=repository,
            plugins=self.opened.plugins,
            settings=self.settings,
            limit=limit,
        )

    def start_job(self, path: Path, *, choices: Choices = Choices(), force: bool = False) -> Job:
        """Index in a process of its own, and return at once; one that does the same already is returned instead."""
        return self.jobs.start(Repository.at(path), choices=asdict(choices), force=force)

    async def run_of(self, job: Job) -> Run | None:
        """Return the run that a job records its progress in; None before it has begun."""
        try:
            project = (await self.resolve(job.path, project=job.choices.get("project"))).project
            if project is None:
                return None
            runs = await (await self.open(project)).runs(limit=_RECENT_RUNS)
        except (NotProvisioned, PathUnusable):
            return None
        return next((run for run in runs if run.detail.get("job") == job.id), None)

    async def manifest(self, project: UUID, *, embedder: str | None = None) -> Manifest:
        """Return the manifest of a new project: the settings' embedder, this version's tokenizer."""
        from codebase_core_hookspecs import Manifest  # noqa: PLC0415

        from .lexical.bm25 import FIELD_LENGTHS  # noqa: PLC0415
        from .lexical.terms import TOKENIZER  # noqa: PLC0415

        _, opened = await self.opened.embedder(embedder or self.settings["embedder"])
        return Manifest(project=project, tokenizer=TOKENIZER, field_lengths=FIELD_LENGTHS, embedder=opened.identity)

    async def resolve_place(
        self, repository: Repository, *, project: str | None, intent: Literal["read", "write"]
    ) -> Resolution:
        """Find the project of a place in a repository."""
        question = await self._question(repository, project=project, intent=intent)
        config = find_config(question.start, root=repository.root)
        return await resolve(question, chain(await self.opened.resolvers()), config=config)

    async def _question(
        self, repository: Repository, *, project: str | None, intent: Literal["read", "write"]
    ) -> Question:
        start = repository.root / repository.scope
        return Question(
            repository=repository,
            start=start if start.is_dir() else start.parent,
            intent=intent,
            registry=await self.opened.registry(),
            machine=self.machine,
            explicit=self.settings["project"] if project is None else project,
            default=self.settings["default_project"],
            active=active_project(self.settings.home),
        )
