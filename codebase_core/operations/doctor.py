"""Check an installation, piece by piece, each problem with the command or statement that fixes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import Problem

from codebase_core.errors import CodebaseCoreError, SettingsError
from codebase_core.projects.repository import Repository

from .verify import verify

if TYPE_CHECKING:
    from codebase_core.config.options import Resolved
    from codebase_core.config.settings import Settings
    from codebase_core.engine import Engine
    from codebase_core.plugins.manager import PluginManager

_PROBE = "where are connections pooled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    detail: str
    problems: Sequence[Problem] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        keys = ("kind", "where", "message", "command", "sql")
        problems = [{key: getattr(problem, key) for key in keys} for problem in self.problems]
        return {"name": self.name, "ok": not problems, "detail": self.detail, "problems": problems}


async def examine(engine: Engine) -> list[Check]:
    """Check settings, plugins, embedder, server, registry, whether it and the servers agree, and the folder."""
    steps: Sequence[tuple[str, Callable[[Engine], Awaitable[Check]]]] = (
        ("settings", _settings),
        ("plugins", _plugins),
        ("embedder", _embedder),
        ("server", _server),
        ("registry", _registry),
        ("projects", _projects),
        ("folder", _folder),
    )
    checks: list[Check] = []
    for name, step in steps:
        try:
            checks.append(await step(engine))
        except CodebaseCoreError as exc:
            problem = Problem(
                kind="setting", where=name, message=exc.message, command=exc.hint, sql=getattr(exc, "sql", None)
            )
            checks.append(Check(name=name, detail="failed", problems=[problem]))
    return checks


def all_options(settings: Settings, plugins: PluginManager) -> Iterator[tuple[str, Resolved]]:
    """Return every setting of core and of the plugins, resolved, by its full name."""
    yield from settings.values.items()
    seen: set[str] = set()
    for plugin in plugins.plugins:
        for descriptor in plugin.provides:
            for option in descriptor.options:
                name = f"plugins.{descriptor.table}.{option.name}"
                if name not in seen:
                    seen.add(name)
                    yield name, settings.sources.resolve(option, section=descriptor.table)


async def _settings(engine: Engine) -> Check:
    count = sum(1 for _ in all_options(engine.settings, engine.plugins))
    return Check(
        name="settings",
        detail=f"{count} read; state in {engine.settings.home}, machine {engine.machine}",
        problems=tuple(_unknown_settings(engine.settings, engine.plugins)),
    )


def _unknown_settings(settings: Settings, plugins: PluginManager) -> Iterator[Problem]:
    """Yield a problem for each section of the user's file that no plugin reads, or that sets what its plugin does not have."""
    declared: dict[str, set[str]] = defaultdict(set)
    for plugin in plugins.plugins:
        for descriptor in plugin.provides:
            declared[descriptor.table].update(option.name for option in descriptor.options)
    sources = settings.sources
    for section in sources.table.get("plugins", {}):
        where = f"[plugins.{section}]"
        if section not in declared:
            message = f"{sources.file}: no plugin reads {where}"
            yield Problem(kind="setting", where=where, message=message, command="codebase-core plugins list")
            continue
        try:
            sources.check_section(section, declared[section])
        except SettingsError as exc:
            yield Problem(kind="setting", where=where, message=exc.message, command=exc.hint)


async def _folder(engine: Engine) -> Check:
    """Resolve the folder that the command stands in, as every command does first: its config file may be broken."""
    repository = Repository.at(Path.cwd())
    resolution = await engine.resolve(repository)
    project = resolution.project
    detail = f"project {project.name!r}, by {resolution.tier}" if project is not None else "no project yet"
    return Check(name="folder", detail=f"{repository.root / repository.scope}: {detail}")


async def _plugins(engine: Engine) -> Check:
    found = engine.plugins.plugins
    problems = [
        Problem(
            kind="setting",
            where=f"plugin {p.name}",
            message=f"{p.distribution} {p.version}: {p.error}",
            command=f"pip uninstall {p.distribution}, or CODEBASE_CORE_DISABLE_PLUGINS={p.name}",
        )
        for p in found
        if p.status in ("failed", "shadowed")
    ]
    return Check(name="plugins", detail=", ".join(f"{p.name} {p.status}" for p in found), problems=problems)


async def _embedder(engine: Engine) -> Check:
    _, embedder = await engine.embedder(engine.settings["embedder"])
    await embedder.embed_query(_PROBE)
    identity = embedder.identity
    return Check(
        name="embedder", detail=f"{identity.plugin}:{identity.model}, {identity.dimensions} dimensions, answers"
    )


async def _server(engine: Engine) -> Check:
    server = engine.server_for(engine.settings["store"], None)
    store = await engine.store(engine.settings["store"])
    detail = f"{server or 'none'}, for {engine.settings['store']}"
    return Check(name="server", detail=detail, problems=tuple(await store.check(server)))


async def _registry(engine: Engine) -> Check:
    registry = await engine.registry()
    projects = await registry.list()
    return Check(
        name="registry",
        detail=f"{engine.settings['registry']}, {len(projects)} projects",
        problems=tuple(await registry.check()),
    )


async def _projects(engine: Engine) -> Check:
    problems = await verify(engine)
    return Check(name="projects", detail="registry and servers compared", problems=tuple(problems))
