"""Compare the registry with what the servers hold, and repair what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codebase_core_hookspecs import Problem

    from codebase_core.engine import Engine


async def verify(engine: Engine) -> list[Problem]:
    """Return what the registry and the servers disagree about.

    Looked at are the stores that hold projects, and where new ones would go: the chosen store and those of its section.
    """
    section = engine.plugins.store(engine.settings["store"]).table
    servers = {
        plugin.name: [engine.server_for(plugin.name, None)] if plugin.table == section else []
        for plugin in engine.plugins.stores()
    }
    return await (await engine.projects()).verify(servers)


async def repair(engine: Engine, problem: Problem, *, drop: bool = False) -> str | None:
    """Repair one problem and say what was done; None if it was left alone. ``drop`` allows dropping orphans."""
    return await (await engine.projects()).repair(problem, manifest=engine.manifest, drop=drop)
