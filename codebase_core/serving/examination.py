"""How a running process is: what it can reach, and how its connections are used. Cheap enough to ask every few seconds."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import TYPE_CHECKING

from codebase_core_hookspecs import ConnectionUse, Health, HealthCheck, ProjectQuery

from codebase_core import __version__
from codebase_core.errors import CodebaseCoreError

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.engine import Engine

CHECK_SECONDS = 5.0
"""What does not answer within this does not answer."""


async def registry_answers(engine: Engine) -> HealthCheck:
    """Ask the registry for one record; it answers that from its server."""

    async def ask() -> str:
        await (await engine.registry()).page(ProjectQuery(limit=1))
        return f"{engine.settings['registry']} answers"

    return await _checked("registry", ask)


async def examine(engine: Engine, *, running: int) -> Health:
    """Look at the registry, at a project of every server, at the embedder of new projects, and at the connections."""
    checks = [await registry_answers(engine)]
    if checks[0].ok:
        projects = await (await engine.registry()).list()
        places = {(p.binding.store, p.binding.server): p for p in projects if p.status == "active"}
        checks += [await _server(engine, project) for _, project in sorted(places.items(), key=lambda each: each[0])]
    checks.append(await _checked("embedder", lambda: _embedder(engine)))
    return Health(
        checks=checks,
        connections=await _connections(engine),
        jobs_running=running,
        versions={"codebase-core": __version__, "python": platform.python_version()},
    )


async def _server(engine: Engine, project: Project) -> HealthCheck:
    async def ask() -> str:
        await (await engine.open(project)).repositories()
        return f"{project.binding.store} answers"

    return await _checked(f"server {project.binding.server or project.binding.store}", ask)


async def _embedder(engine: Engine) -> str:
    _, embedder = await engine.embedder(engine.settings["embedder"])
    identity = embedder.identity
    return f"{identity.plugin}:{identity.model}, {identity.dimensions} dimensions"


async def _connections(engine: Engine) -> list[ConnectionUse]:
    """Ask every store that was opened; strategies over the same servers report the same connections."""
    found: dict[str, ConnectionUse] = {}
    for store in engine.opened_stores():
        found |= {use.server: use for use in await store.connections()}
    return [found[server] for server in sorted(found)]


async def _checked(name: str, ask: Callable[[], Awaitable[str]]) -> HealthCheck:
    began = perf_counter()
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            ok, detail, hint = True, await ask(), None
    except CodebaseCoreError as exc:
        ok, detail, hint = False, exc.message, exc.hint
    except TimeoutError:
        ok, detail, hint = False, f"no answer within {CHECK_SECONDS:g} s", "codebase-core doctor"
    return HealthCheck(name=name, ok=ok, detail=detail, hint=hint, milliseconds=1000 * (perf_counter() - began))
