"""What is in use: plugins, each opened once with its own options, and worker processes; closed with the application."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from codebase_core_hookspecs import PluginContext

from .errors import CodebaseCoreError, EmbedderMismatch, EmbedderUnavailable, PluginFailed, UnknownPlugin
from .plugins.manager import PluginManager
from .plugins.tracing import Trace, tracing

if TYPE_CHECKING:
    from codebase_core_hookspecs import Descriptor, Embedder, EmbedderPlugin, Manifest, Registry, Resolver, Store

    from .config.settings import Settings
    from .indexing.workers.pool import WorkerPool


class _Closable(Protocol):
    async def aclose(self) -> None: ...


C = TypeVar("C", bound=_Closable)

_REINDEX = "codebase-core reindex --embedder PLUGIN:MODEL"


class Opened:
    """What the application has opened."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._objects: dict[tuple[str, str], _Closable] = {}
        self._contexts: dict[str, PluginContext] = {}
        self._workers: WorkerPool | None = None
        self._lock = asyncio.Lock()

    @cached_property
    def plugins(self) -> PluginManager:
        """The plugin manager; loading it imports every plugin's declaration."""
        return PluginManager.load(disabled=self._settings["disable_plugins"], third_party=self._settings.plugins)

    @property
    def workers(self) -> WorkerPool:
        """The worker processes, which wait a while for another run after each."""
        from .indexing.workers.messages import Loading  # noqa: PLC0415
        from .indexing.workers.pool import WorkerPool  # noqa: PLC0415 - only where something is indexed

        if self._workers is None:
            settings = self._settings
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

    async def registry(self) -> Registry:
        """Open the registry that the settings choose."""
        plugin = self.plugins.registry(self._settings["registry"])
        context = replace(self.context(plugin), server=self._settings["registry_server"])
        registry: Registry = await self._once("registry", plugin, lambda: plugin.open(context))
        return registry

    async def store(self, name: str) -> Store:
        """Open an isolation strategy."""
        plugin = self.plugins.store(name)
        store: Store = await self._once("store", plugin, lambda: plugin.open(self.context(plugin)))
        return store

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
            sources = self._settings.sources
            self._contexts[section] = PluginContext(
                options={o.name: sources.resolve(o, section=section).value for o in plugin.options},
                state_dir=self._settings.home,
                servers=self._settings.servers,
                server=self._settings["server"],
            )
        return self._contexts[section]

    async def aclose(self) -> None:
        """Close everything, the last opened first."""
        if self._workers is not None:
            await self._workers.aclose()
        while self._objects:
            _, each = self._objects.popitem()
            await each.aclose()

    async def _close(self, closable: _Closable) -> None:
        """Close one object, so that it is opened again when it is asked for."""
        self._objects = {key: each for key, each in self._objects.items() if each is not closable}
        await closable.aclose()

    def _shown_options(self, plugin: Descriptor) -> str:
        """Return the options that a plugin was opened with, secrets masked."""
        resolved = (self._settings.sources.resolve(option, section=plugin.table) for option in plugin.options)
        return ", ".join(f"{each.option.name}={each.shown()}" for each in resolved) or "no options"

    async def _once(self, kind: str, plugin: Descriptor, open_plugin: Any) -> Any:
        key = (kind, plugin.name)
        if key not in self._objects:
            async with self._lock:
                if key not in self._objects:
                    trace = Trace(f"{plugin.name} open {kind.strip()}")
                    self._objects[key] = await opened_by(plugin, open_plugin())
                    if tracing():  # every option is resolved once more for it
                        trace.ends(self._shown_options(plugin))
        return self._objects[key]


async def opened_by(plugin: Descriptor, opening: Awaitable[C]) -> C:
    """Open a plugin; name it when it fails."""
    try:
        return await opening
    except CodebaseCoreError:
        raise
    except ImportError as exc:
        hint = f"pip install {plugin.requires!r}" if plugin.requires else f"reinstall what brings {plugin.name!r}"
        raise PluginFailed(f"plugin {plugin.name!r} lacks a library: {exc}", hint=hint) from exc
    except (Exception, SystemExit) as exc:
        raise PluginFailed(
            f"plugin {plugin.name!r} failed to open: {type(exc).__name__}: {exc}",
            hint="codebase-core plugins list names its package; codebase-core --no-plugins does without third parties",
        ) from exc
