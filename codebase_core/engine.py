"""The engine: owns opened plugins and the worker pool; resolves folders and opens projects for the use cases above it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import Manifest, PluginContext

from .errors import EmbedderMismatch, EmbedderUnavailable, UnknownPlugin, Unsupported
from .plugins.manager import PluginManager
from .plugins.opening import Closable, open_plugin
from .plugins.tracing import Trace, tracing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from codebase_core_hookspecs import (
        Descriptor,
        Embedder,
        EmbedderPlugin,
        Project,
        ProjectStore,
        Registry,
        RepositoryState,
        Reranker,
        Resolver,
        Store,
    )

    from .config.settings import Settings
    from .indexing.workers.pool import WorkerPool
    from .projects.lifecycle import Projects
    from .projects.repository import Repository
    from .projects.request import Intent, ResolutionRequest
    from .projects.resolution import Resolution, Step

_REINDEX = "codebase-core reindex --embedder PLUGIN:MODEL"


class Engine:
    """What every use case stands on. Each plugin is opened once, with its own options; ``aclose`` closes all in reverse order."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._objects: dict[tuple[str, str], Closable] = {}
        self._contexts: dict[str, PluginContext] = {}
        self._workers: WorkerPool | None = None
        self._lock = asyncio.Lock()

    @cached_property
    def plugins(self) -> PluginManager:
        """The plugin manager; loading it imports every plugin's declaration."""
        return PluginManager.load(disabled=self.settings["disable_plugins"], third_party=self.settings.plugins)

    @cached_property
    def machine(self) -> UUID:
        """The id of this machine and account."""
        from .projects.machine import machine_id  # noqa: PLC0415 - reads a file

        return machine_id(self.settings.home)

    @property
    def workers(self) -> WorkerPool:
        """The worker processes, which wait a while for another run after each."""
        from .indexing.workers.messages import Loading  # noqa: PLC0415
        from .indexing.workers.pool import WorkerPool  # noqa: PLC0415 - only where something is indexed

        if self._workers is None:
            settings = self.settings
            self._workers = WorkerPool(
                size=settings["workers"] or min(4, os.cpu_count() or 1),
                timeout=settings["file_timeout"],
                loading=Loading(
                    disabled=settings["disable_plugins"],
                    third_party=settings.plugins,
                    deadline=2 * settings["file_timeout"],
                ),
            )
        return self._workers

    async def projects(self) -> Projects:
        """Return the life cycle of projects over the registry."""
        from .projects.lifecycle import Projects  # noqa: PLC0415 - not for a search

        return Projects(await self.registry(), self.store, home=self.settings.home, plugin=self.plugins.store)

    async def resolve(
        self, repository: Repository, *, project: str | None = None, intent: Intent = "read"
    ) -> Resolution:
        """Find the project of a place in a repository."""
        from .projects.config_file import find_config  # noqa: PLC0415
        from .projects.resolve import resolve  # noqa: PLC0415
        from .projects.tiers import chain  # noqa: PLC0415

        question = await self._question(repository, project=project, intent=intent)
        config = find_config(question.start, root=repository.root)
        return await resolve(question, chain(await self.resolvers()), config=config)

    async def explain(
        self, repository: Repository, *, project: str | None = None, intent: Intent = "read"
    ) -> list[Step]:
        """Ask every tier of resolution and say what each saw."""
        from .projects.resolve import explain  # noqa: PLC0415
        from .projects.tiers import chain  # noqa: PLC0415

        question = await self._question(repository, project=project, intent=intent)
        return await explain(question, chain(await self.resolvers()))

    def shares_checkouts(self, project: Project) -> bool:
        """Tell whether several checkouts of a repository can be in a project, each with what it sees."""
        return "checkouts" in self.plugins.store(project.binding.store).supports

    async def open(self, project: Project) -> ProjectStore:
        """Open a project's index."""
        store = await self.store(project.binding.store)
        return await store.open(project.binding, project=project.id)

    async def manifest(self, project: UUID, *, embedder: str | None = None) -> Manifest:
        """Return the manifest of a new project: the chosen embedder or the settings', this version's tokenizer."""
        from .lexical.bm25 import FIELD_LENGTHS  # noqa: PLC0415 - not for a search
        from .lexical.terms import TOKENIZER  # noqa: PLC0415

        _, opened = await self.embedder(embedder or self.settings["embedder"])
        return Manifest(project=project, tokenizer=TOKENIZER, field_lengths=FIELD_LENGTHS, embedder=opened.identity)

    def server_for(self, store: str, chosen: str | None, *, default: str = "") -> str:
        """Return the server of a new index: the chosen one, the default, or the settings'; empty if the store has none."""
        if self.plugins.store(store).servers:
            return self.settings.server(chosen or default or self.settings["server"]).name
        if chosen:
            raise Unsupported(f"store {store!r} keeps its projects on no server", hint="leave --server out")
        return ""

    async def registry(self) -> Registry:
        """Open the registry that the settings choose."""
        plugin = self.plugins.registry(self.settings["registry"])
        context = replace(self.context(plugin), server=self.settings["registry_server"])
        registry: Registry = await self._once("registry", plugin, lambda: plugin.open(context))
        return registry

    async def store(self, name: str) -> Store:
        """Open an isolation strategy."""
        plugin = self.plugins.store(name)
        store: Store = await self._once("store", plugin, lambda: plugin.open(self.context(plugin)))
        return store

    def opened_stores(self) -> list[Store]:
        """Return the isolation strategies that are open."""
        found: list[Any] = [store for (kind, _), store in self._objects.items() if kind == "store"]
        return found

    async def resolvers(self) -> list[tuple[int, str, Resolver]]:
        """Open the plugins' resolvers: tier, name and resolver, in their order."""
        return [
            (plugin.tier, plugin.name, await self._once("resolver", plugin, lambda p=plugin: p.open(self.context(p))))
            for plugin in self.plugins.resolvers()
        ]

    async def embedder(self, choice: str) -> tuple[EmbedderPlugin, Embedder]:
        """Open an embedder as the user writes it, ``PLUGIN`` or ``PLUGIN:MODEL``."""
        name, _, model = choice.partition(":")
        plugin = self.plugins.embedder(name)
        embedder = await self._once(
            f"embedder {model}", plugin, lambda: plugin.open(self.context(plugin), model or None)
        )
        return plugin, embedder

    async def reranker(self, choice: str | None = None) -> Reranker | None:
        """Open a reranker, ``PLUGIN`` or ``PLUGIN:MODEL``, by default what the settings choose; None if it is ``none``."""
        name, _, model = (choice or self.settings["reranker"]).partition(":")
        if name == "none":
            return None
        plugin = self.plugins.reranker(name)
        reranker: Reranker = await self._once(
            f"reranker {model}", plugin, lambda: plugin.open(self.context(plugin), model or None)
        )
        return reranker

    async def embedder_of(self, manifest: Manifest) -> tuple[EmbedderPlugin, Embedder] | None:
        """Open the embedder that a project pins; raise if it is absent or is not the same model any more."""
        pinned = manifest.embedder
        if pinned is None:
            return None
        try:
            plugin, embedder = await self.embedder(f"{pinned.plugin}:{pinned.model}")
            if embedder.identity != pinned:  # perhaps it was updated after this process opened it
                await self._close(embedder)
                plugin, embedder = await self.embedder(f"{pinned.plugin}:{pinned.model}")
        except UnknownPlugin as exc:
            raise EmbedderUnavailable(
                f"this project was indexed with embedder {pinned.plugin!r}, which is not installed",
                hint=f"pip install codebase-core-{pinned.plugin}, or choose another: {_REINDEX}",
            ) from exc
        except EmbedderUnavailable as exc:
            raise EmbedderUnavailable(
                f"this project was indexed with {pinned.plugin}:{pinned.model}, which cannot be used: {exc.message}",
                hint=f"{exc.hint or 'check the model'}; or choose another: {_REINDEX}",
            ) from exc
        if embedder.identity != pinned:
            raise EmbedderMismatch(
                f"embedder {pinned.plugin}:{pinned.model} is at revision {embedder.identity.revision} now, the project was "
                f"indexed with {pinned.revision}",
                hint="codebase-core reindex builds the index anew, while the old one answers where the old model is",
            )
        return plugin, embedder

    async def refuse_other_embedder(self, manifest: Manifest, choice: str | None) -> None:
        """Raise EmbedderMismatch if the user chose another embedder than a project pins."""
        if choice is None:
            return
        _, other = await self.embedder(choice)
        if other.identity != manifest.embedder:
            pinned = manifest.embedder
            raise EmbedderMismatch(
                f"this project is indexed with {pinned.plugin}:{pinned.model}"
                if pinned
                else "this project has no vectors",
                hint=f"codebase-core reindex --embedder {choice}",
            )

    def context(self, plugin: Descriptor) -> PluginContext:
        """Return what a plugin is opened with; the descriptors of one section share it."""
        section = plugin.table
        if section not in self._contexts:
            sources = self.settings.sources
            # The descriptors of a section may declare different options: each is opened with all of them.
            siblings = [option for sibling in self.plugins.section(section) for option in sibling.options]
            declared = [*siblings, *plugin.options]
            sources.check_section(section, (option.name for option in declared))
            self._contexts[section] = PluginContext(
                options={o.name: sources.resolve(o, section=section).value for o in declared},
                state_dir=self.settings.home,
                servers=self.settings.servers,
                server=self.settings["server"],
            )
        return self._contexts[section]

    async def aclose(self) -> None:
        """Close everything, the last opened first."""
        if self._workers is not None:
            await self._workers.aclose()
        while self._objects:
            _, closable = self._objects.popitem()
            await closable.aclose()

    async def _question(self, repository: Repository, *, project: str | None, intent: Intent) -> ResolutionRequest:
        from .projects.active import active_project  # noqa: PLC0415
        from .projects.request import ResolutionRequest  # noqa: PLC0415

        start = repository.root / repository.scope
        return ResolutionRequest(
            repository=repository,
            start=start if start.is_dir() else start.parent,
            intent=intent,
            registry=await self.registry(),
            machine=self.machine,
            explicit=self.settings["project"] if project is None else project,
            default=self.settings["default_project"],
            active=active_project(self.settings.home),
            indexed=self._repositories,
            shares=self.shares_checkouts,
        )

    async def _repositories(self, project: Project) -> Sequence[RepositoryState]:
        return await (await self.open(project)).repositories()

    async def _close(self, closable: Closable) -> None:
        """Close one object, so that it is opened again when it is asked for."""
        self._objects = {key: other for key, other in self._objects.items() if other is not closable}
        await closable.aclose()

    def _shown_options(self, plugin: Descriptor) -> str:
        """Return the options that a plugin was opened with, secrets masked."""
        resolved = (self.settings.sources.resolve(option, section=plugin.table) for option in plugin.options)
        return ", ".join(f"{each.option.name}={each.shown()}" for each in resolved) or "no options"

    async def _once(self, kind: str, plugin: Descriptor, opening: Any) -> Any:
        key = (kind, plugin.name)
        if key not in self._objects:
            async with self._lock:
                if key not in self._objects:
                    trace = Trace(f"{plugin.name} open {kind.strip()}")
                    self._objects[key] = await open_plugin(plugin, opening())
                    if tracing():  # every option is resolved once more for it
                        trace.ends(self._shown_options(plugin))
        return self._objects[key]
