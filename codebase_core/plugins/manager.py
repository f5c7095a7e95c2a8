"""Find plugins by entry point, isolate the broken ones, and give out what the others declare."""

from __future__ import annotations

import contextlib
import inspect
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pluggy
from codebase_core_hookspecs import (
    ApplicationPlugin,
    ChunkerPlugin,
    CommandPlugin,
    Descriptor,
    EmbedderPlugin,
    Option,
    RegistryPlugin,
    RerankerPlugin,
    ResolverPlugin,
    StorePlugin,
    hooks,
)

from codebase_core.errors import AmbiguousPlugin, UnknownPlugin, choices

from .tracing import Trace

if TYPE_CHECKING:
    from types import ModuleType

logger = logging.getLogger(__name__)

GROUP = "codebase_core"
THIRD_PARTY_TIERS = range(300, 800)
"""Above them are the user's own word and what the repository and the registry say, below them only guesses."""

BUNDLED = "codebase-core"
Status = Literal["active", "disabled", "failed", "shadowed"]
D = TypeVar("D", bound=Descriptor)

_KINDS: Mapping[str, type[Descriptor]] = {
    "codebase_core_stores": StorePlugin,
    "codebase_core_registries": RegistryPlugin,
    "codebase_core_embedders": EmbedderPlugin,
    "codebase_core_rerankers": RerankerPlugin,
    "codebase_core_chunkers": ChunkerPlugin,
    "codebase_core_resolvers": ResolverPlugin,
    "codebase_core_commands": CommandPlugin,
    "codebase_core_applications": ApplicationPlugin,
}
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FIELDS: Mapping[str, Any] = {
    "name": str, "summary": str, "options": tuple, "languages": frozenset, "version": str, "extensions": Mapping, "tier": int,
    "target": str, "supports": frozenset, "servers": bool, "cache_vectors": bool, "document_text": str, "file_centroid": bool,
}  # fmt: skip
"""What others sort, print or look up: a wrong type here would stop a command that does not use the plugin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """One entry point and what became of it. ``provides`` are the descriptors in use, ``shadowed`` those that are not."""

    name: str
    distribution: str
    version: str
    target: str
    status: Status
    error: str | None = None
    provides: tuple[Descriptor, ...] = ()
    shadowed: tuple[Descriptor, ...] = ()

    @property
    def bundled(self) -> bool:
        """Whether the plugin comes with codebase-core itself."""
        return self.distribution == BUNDLED


class PluginRejected(Exception):
    """A plugin breaks the contract; the message says how."""


class PluginManager:
    """The plugins of this environment. Loading never raises for a plugin's sake: ``plugins`` says what went wrong."""

    def __init__(self, plugins: Iterable[PluginInfo]) -> None:
        self.plugins = tuple(plugins)

    @classmethod
    def load(cls, *, disabled: Iterable[str] = (), third_party: bool = True) -> PluginManager:
        """Load all entry points, bundled ones first, then by name and distribution."""
        found = [_Found.of(entry) for entry in _entry_points()]
        found.sort(key=lambda f: (not f.bundled, f.entry.name, f.distribution))
        plugins: list[PluginInfo] = []
        for each in found:
            if each.bundled or third_party:
                plugins.append(each.load(frozenset(disabled), before=plugins))
        return cls(plugins)

    def stores(self) -> list[StorePlugin]:
        """Return the isolation strategies."""
        return self._all(StorePlugin)

    def registries(self) -> list[RegistryPlugin]:
        """Return the kinds of registry."""
        return self._all(RegistryPlugin)

    def embedders(self) -> list[EmbedderPlugin]:
        """Return the embedders."""
        return self._all(EmbedderPlugin)

    def chunkers(self) -> list[ChunkerPlugin]:
        """Return the chunkers in the order in which they are asked: specific before ``*``, third party first, by name."""
        own = {id(d) for p in self.plugins if p.bundled for d in p.provides}
        return sorted(self._all(ChunkerPlugin), key=lambda c: ("*" in c.languages, id(c) in own, c.name))

    def resolvers(self) -> list[ResolverPlugin]:
        """Return the resolvers in the order in which they are asked."""
        return sorted(self._all(ResolverPlugin), key=lambda r: (r.tier, r.name))

    def commands(self) -> list[CommandPlugin]:
        """Return the commands that plugins add; a name two plugins claim is left out."""
        everything = self._all(CommandPlugin)
        names = [command.name for command in everything]
        return [command for command in everything if names.count(command.name) == 1]

    def applications(self) -> list[ApplicationPlugin]:
        """Return the applications for the server by name; a name two plugins claim is left out."""
        everything = self._all(ApplicationPlugin)
        names = [application.name for application in everything]
        return sorted((each for each in everything if names.count(each.name) == 1), key=lambda each: each.name)

    def store(self, name: str) -> StorePlugin:
        """Return an isolation strategy by name."""
        return self._one(StorePlugin, name, "store")

    def registry(self, name: str) -> RegistryPlugin:
        """Return a kind of registry by name."""
        return self._one(RegistryPlugin, name, "registry")

    def embedder(self, name: str) -> EmbedderPlugin:
        """Return an embedder by name."""
        return self._one(EmbedderPlugin, name, "embedder")

    def section(self, name: str) -> list[Descriptor]:
        """Return the descriptors whose options stand in one section of the settings, ``[plugins.NAME]``."""
        return [descriptor for descriptor in self._all(Descriptor) if descriptor.table == name]

    def reranker(self, name: str) -> RerankerPlugin:
        """Return a reranker by name."""
        return self._one(RerankerPlugin, name, "reranker")

    def _all(self, kind: type[D]) -> list[D]:
        return [d for plugin in self.plugins for d in plugin.provides if isinstance(d, kind)]

    def _one(self, kind: type[D], name: str, noun: str) -> D:
        named = [d for d in self._all(kind) if d.name == name]
        if len(named) == 1:
            return named[0]
        if named:
            owners = [f"{p.distribution} {p.version}" for p in self.plugins for d in p.provides if d in named]
            raise AmbiguousPlugin(
                f"{noun} {name!r} is declared by {' and '.join(owners)}",
                hint="uninstall one, or set CODEBASE_CORE_DISABLE_PLUGINS to its entry point name",
            )
        hint = choices(name, sorted({d.name for d in self._all(kind)}))
        for broken in [p for p in self.plugins if p.status == "failed"][:1]:
            hint += f"; {broken.name} ({broken.distribution}) failed to load, see: codebase-core plugins list"
        raise UnknownPlugin(f"no {noun} is called {name!r}", hint=hint)


def plugin_packages() -> frozenset[str]:
    """Return the top-level packages of every installed plugin, without importing any."""
    return frozenset(entry.module.partition(".")[0] for entry in _entry_points())


def _entry_points() -> list[metadata.EntryPoint]:
    """Return the entry points of our group."""
    try:
        return list(metadata.entry_points(group=GROUP))
    except Exception:  # noqa: BLE001 - one malformed entry_points.txt, of whatever package, spoils the list of all
        return list(_readable_entry_points())


def _readable_entry_points() -> Iterator[metadata.EntryPoint]:
    """Go through the distributions one by one; the first of a name counts, one that cannot be read is passed over."""
    seen: set[str] = set()
    for dist in metadata.distributions():
        name = _said(dist, "name")
        try:
            entries = list(dist.entry_points.select(group=GROUP))
        except Exception as exc:  # noqa: BLE001 - a broken package never stops a command
            logger.warning("the entry points of %s cannot be read: %s", name, exc)
            continue
        normalised = re.sub(r"[-_.]+", "-", name).lower()
        if entries and normalised not in seen:
            seen.add(normalised)
            yield from entries


def _said(dist: metadata.Distribution | None, fact: str) -> str:
    """Return name or version of a distribution; an installation that was cut short may not say."""
    try:
        return str(getattr(dist, fact) or "unknown")
    except Exception:  # noqa: BLE001 - depends on the version of Python
        return "unknown"


@dataclass(frozen=True, slots=True)
class _Found:
    entry: metadata.EntryPoint
    distribution: str
    version: str

    @classmethod
    def of(cls, entry: metadata.EntryPoint) -> _Found:
        return cls(entry, _said(entry.dist, "name"), _said(entry.dist, "version"))

    @property
    def bundled(self) -> bool:
        return self.distribution == BUNDLED

    def load(self, disabled: frozenset[str], *, before: list[PluginInfo]) -> PluginInfo:
        if self.entry.name in disabled:
            return self._info("disabled")
        if not self.bundled and any(p.bundled and p.name == self.entry.name for p in before):
            return self._info("shadowed", error=f"the entry point name {self.entry.name!r} belongs to a bundled plugin")
        trace = Trace(f"{self.entry.name} import {self.entry.value}")
        try:
            # Whatever a plugin prints while it loads must not end up in the answer of a command.
            with contextlib.redirect_stdout(sys.stderr):
                plugin = self.entry.load()
                trace.ends(f"{self.distribution} {self.version}")
                declared = _declared(plugin, self.entry.name)
                if not self.bundled:
                    _check_tiers(declared)
        except (Exception, SystemExit) as exc:  # noqa: BLE001 - a broken package is listed, it never stops a command
            text = str(exc) if isinstance(exc, PluginRejected) else f"{type(exc).__name__}: {exc}"
            trace.ends(f"failed: {text}")
            return self._info("failed", error=text)
        taken = {(type(d), d.name) for p in before if p.bundled for d in p.provides}
        shadowed = tuple(d for d in declared if (type(d), d.name) in taken and not self.bundled)
        error = "; ".join(f"{_noun(d)} {d.name!r} belongs to a bundled plugin" for d in shadowed) or None
        active = tuple(d for d in declared if d not in shadowed)
        return self._info("shadowed" if shadowed else "active", error=error, provides=active, shadowed=shadowed)

    def _info(
        self,
        status: Status,
        *,
        error: str | None = None,
        provides: tuple[Descriptor, ...] = (),
        shadowed: tuple[Descriptor, ...] = (),
    ) -> PluginInfo:
        return PluginInfo(
            name=self.entry.name,
            distribution=self.distribution,
            version=self.version,
            target=self.entry.value,
            status=status,
            error=error,
            provides=provides,
            shadowed=shadowed,
        )


def _declared(plugin: ModuleType | object, name: str) -> tuple[Descriptor, ...]:
    """Register one plugin with a pluggy manager of its own and collect what it declares.

    One manager a plugin: pluggy does not pair results with implementations, and up to 1.6 it keeps what a failed
    registration had already added.
    """
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hooks)
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except pluggy.PluginValidationError as exc:
        raise PluginRejected(str(exc)) from exc
    declared: list[Descriptor] = []
    for hook, kind in _KINDS.items():
        caller: Any = getattr(manager.hook, hook)
        for implementation in caller.get_hookimpls():
            _refuse_coroutine(implementation.function, hook)
        if not caller.get_hookimpls():
            continue
        trace = Trace(f"{name} {hook}")
        found = [each for result in caller() for each in _checked(result, kind, hook)]
        trace.ends(", ".join(f"{_noun(each)} {each.name}" for each in found) or "nothing")
        declared += found
    names = [(type(d), d.name) for d in declared]
    for each in names:
        if names.count(each) > 1:
            raise PluginRejected(f"{_noun(each[0])} {each[1]!r} is declared twice")
    return tuple(declared)


def _check_tiers(declared: Iterable[Descriptor]) -> None:
    for each in declared:
        if isinstance(each, ResolverPlugin) and each.tier not in THIRD_PARTY_TIERS:
            allowed = f"{THIRD_PARTY_TIERS.start} to {THIRD_PARTY_TIERS.stop - 1}"
            raise PluginRejected(f"resolver {each.name!r} asks for tier {each.tier}; third parties use {allowed}")


def _refuse_coroutine(function: Callable[..., object], hook: str) -> None:
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise PluginRejected(f"{hook} is a coroutine; hooks are synchronous and only declare, work belongs in `open`")


def _checked(result: object, kind: type[Descriptor], hook: str) -> Iterable[Descriptor]:
    if not isinstance(result, Iterable) or isinstance(result, str):
        raise PluginRejected(f"{hook} returned {type(result).__name__}, not an iterable of {kind.__name__}")
    for each in result:
        if not isinstance(each, kind):
            raise PluginRejected(f"{hook} returned a {type(each).__name__} where a {kind.__name__} belongs")
        if (field := _ill_typed(each)) is not None:
            raise PluginRejected(f"{hook} returned a {kind.__name__} whose {field!r} is of a wrong type")
        if not _NAME.fullmatch(each.name):
            raise PluginRejected(
                f"{each.name!r} is not a valid plugin name: lower-case letters, digits, single hyphens"
            )
        yield each


def _ill_typed(descriptor: Descriptor) -> str | None:
    """Return the name of a field that holds another type than declared, if there is one."""
    for name, kind in _FIELDS.items():
        if hasattr(descriptor, name) and not isinstance(getattr(descriptor, name), kind):
            return name
    return "options" if not all(isinstance(option, Option) for option in descriptor.options) else None


def _noun(descriptor: Descriptor | type[Descriptor]) -> str:
    kind = descriptor if isinstance(descriptor, type) else type(descriptor)
    return kind.__name__.removesuffix("Plugin").lower()
