"""Check an installation, piece by piece, each problem with the command or statement that mends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import Problem

from codebase_core.errors import CodebaseCoreError

if TYPE_CHECKING:
    from codebase_core.app import App
    from codebase_core.config.options import Resolved
    from codebase_core.config.settings import Settings

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


async def examine(app: App) -> list[Check]:
    """Check settings, plugins, embedder, server, registry and agreement of registry and servers, in this order."""
    steps: Sequence[tuple[str, Callable[[App], Awaitable[Check]]]] = (
        ("settings", _settings),
        ("plugins", _plugins),
        ("embedder", _embedder),
        ("server", _server),
        ("registry", _registry),
        ("projects", _projects),
    )
    checks: list[Check] = []
    for name, step in steps:
        try:
            checks.append(await step(app))
        except CodebaseCoreError as exc:
            problem = Problem(
                kind="setting", where=name, message=exc.message, command=exc.hint, sql=getattr(exc, "sql", None)
            )
            checks.append(Check(name=name, detail="failed", problems=[problem]))
    return checks


def all_options(settings: Settings) -> Iterator[tuple[str, Resolved]]:
    """Return every setting of core and of the plugins, resolved, by its full name."""
    from codebase_core.engine import Opened  # noqa: PLC0415

    yield from settings.values.items()
    seen: set[str] = set()
    for plugin in Opened(settings).plugins.plugins:
        for descriptor in plugin.provides:
            for option in descriptor.options:
                name = f"plugins.{descriptor.table}.{option.name}"
                if name not in seen:
                    seen.add(name)
                    yield name, settings.sources.resolve(option, section=descriptor.table)


async def _settings(app: App) -> Check:
    count = sum(1 for _ in all_options(app.settings))
    return Check(name="settings", detail=f"{count} read; state in {app.settings.home}, machine {app.machine}")


async def _plugins(app: App) -> Check:
    found = app.opened.plugins.plugins
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


async def _embedder(app: App) -> Check:
    _, embedder = await app.opened.embedder(app.settings["embedder"])
    await embedder.embed_query(_PROBE)
    identity = embedder.identity
    return Check(
        name="embedder", detail=f"{identity.plugin}:{identity.model}, {identity.dimensions} dimensions, answers"
    )


async def _server(app: App) -> Check:
    server = app.server_for(app.settings["store"], None)
    store = await app.opened.store(app.settings["store"])
    detail = f"{server or 'none'}, for {app.settings['store']}"
    return Check(name="server", detail=detail, problems=tuple(await store.check(server)))


async def _registry(app: App) -> Check:
    registry = await app.opened.registry()
    projects = await registry.list()
    return Check(
        name="registry",
        detail=f"{app.settings['registry']}, {len(projects)} projects",
        problems=tuple(await registry.check()),
    )


async def _projects(app: App) -> Check:
    problems = await app.verify()
    return Check(name="projects", detail="registry and servers compared", problems=tuple(problems))
