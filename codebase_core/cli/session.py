"""What the commands share: settings, logging, running the application, and common options."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from codebase_core.config.settings import Settings, load_settings

if TYPE_CHECKING:
    from codebase_core_hookspecs import CommandPlugin, PluginContext

    from codebase_core.app import App
    from codebase_core.serving import Service

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class Session:
    """One invocation of the command line."""

    def __init__(self, *, verbose: bool, plugins: bool) -> None:
        self._verbose = verbose
        self._plugins = plugins

    def settings(self) -> Settings:
        """Read the settings and set logging up."""
        settings = load_settings(plugins=self._plugins)
        from codebase_core.config.logging import set_up  # noqa: PLC0415

        set_up(form=settings["log"], level=logging.DEBUG if self._verbose else logging.WARNING)
        return settings

    def context(self, command: CommandPlugin) -> PluginContext:
        """Return what a plugin's command finds in ``Context.obj``."""
        from codebase_core.engine import Engine  # noqa: PLC0415

        settings = self.settings()

        def application() -> Service:
            from codebase_core.serving import Service  # noqa: PLC0415 - most commands of plugins do without

            return Service.of(settings)

        return replace(Engine(settings).context(command), application=application)

    def run(self, work: Callable[[App], Awaitable[T]]) -> T:
        """Run work with an application and close it."""
        from codebase_core.app import App  # noqa: PLC0415 - not for --help

        async def within() -> T:
            async with App(self.settings()) as app:
                return await work(app)

        return asyncio.run(within())


def project_option(command: F) -> F:
    """Add ``--project``."""
    return click.option(
        "--project",
        metavar="NAME",
        help="Project, by name or id, whatever the folder says.",
        shell_complete=_names_of_projects,
    )(command)


def _names_of_projects(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from .projects.names import complete  # noqa: PLC0415 - for the shell, not for --help

    return complete(ctx, param, incomplete)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def folder_option(command: F) -> F:
    """Add ``-C``."""
    return click.option(
        "-C", "folder", default=".", metavar="FOLDER", help="Folder that the question is about; the current one."
    )(command)


def choice_options(command: F) -> F:
    """Add the choices for a new project, and hand them to the command as ``choices``."""

    @wraps(command)
    def chosen(
        *args: Any, project: str | None, store: str | None, server: str | None, embedder: str | None, **options: Any
    ) -> Any:
        from codebase_core.app import Choices  # noqa: PLC0415 - not for --help

        choices = Choices(project=project, store=store, server=server, embedder=embedder)
        return command(*args, choices=choices, **options)

    decorated: Any = chosen
    for option in (
        click.option("--embedder", metavar="PLUGIN[:MODEL]", help="Embedding model of a new project."),
        click.option("--server", metavar="NAME", help="Server of a new project."),
        click.option("--store", metavar="NAME", help="Isolation strategy of a new project."),
        project_option,
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
