"""One invocation of the command line: its settings, its log, and the application that it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from codebase_core.config.settings import Settings, load_settings

if TYPE_CHECKING:
    from codebase_core_hookspecs import CommandPlugin, PluginContext

    from codebase_core.app import App
    from codebase_core.serving import LocalTeamService

T = TypeVar("T")


class CliSession:
    """One invocation of the command line."""

    def __init__(self, *, verbose: bool, plugins: bool) -> None:
        self._verbose = verbose
        self._plugins = plugins

    def settings(self) -> Settings:
        """Read the settings and set logging up."""
        settings = load_settings(plugins=self._plugins)
        from codebase_core.config.logging import set_up  # noqa: PLC0415

        set_up(
            line_format=settings["log"],
            level=logging.DEBUG if self._verbose else logging.WARNING,
            plugin_packages=_plugin_packages,
        )
        return settings

    def context(self, command: CommandPlugin) -> PluginContext:
        """Return what a plugin's command finds in ``Context.obj``."""
        from codebase_core.engine import Engine  # noqa: PLC0415

        settings = self.settings()

        def service() -> LocalTeamService:
            from codebase_core.serving import LocalTeamService  # noqa: PLC0415 - most commands of plugins do without

            return LocalTeamService.of(settings)

        return replace(Engine(settings).context(command), service=service)

    def run(self, work: Callable[[App], Awaitable[T]]) -> T:
        """Run work with an application and close it."""
        from codebase_core.app import App  # noqa: PLC0415 - not for --help

        async def within() -> T:
            async with App(self.settings()) as app:
                return await work(app)

        return asyncio.run(within())


def _plugin_packages() -> frozenset[str]:
    from codebase_core.plugins.manager import plugin_packages  # noqa: PLC0415 - 10 ms, and most commands log nothing

    return plugin_packages()
