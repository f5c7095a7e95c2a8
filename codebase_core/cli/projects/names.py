"""Names of projects on the command line, completed by the shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from codebase_core.app import App

F = TypeVar("F", bound=Callable[..., Any])


def project_argument(*, many: bool = False, required: bool = True, deleted: bool = False) -> Callable[[F], F]:
    """Add the argument NAME, or NAMES where one command does the same to several projects."""
    nargs, metavar = (-1, "NAME...") if many else (1, "NAME")
    return click.argument(
        "names" if many else "name",
        nargs=nargs,
        required=required,
        metavar=metavar if required else f"[{metavar}]",
        shell_complete=complete_deleted if deleted else complete,
    )


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's
    """Return the names of projects that begin so."""
    return _names(incomplete, deleted=False)


def complete_deleted(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's
    """Return the names of deleted projects that begin so."""
    return _names(incomplete, deleted=True)


def _names(begin: str, *, deleted: bool) -> list[str]:
    from codebase_core.cli.session import Session  # noqa: PLC0415 - not for --help
    from codebase_core.errors import CodebaseCoreError  # noqa: PLC0415

    async def work(app: App) -> list[str]:
        return [project.name for project in await (await app.engine.registry()).list(deleted=deleted)]

    try:
        found = Session(verbose=False, plugins=True).run(work)
    except CodebaseCoreError:  # a shell that waits for a word has no place for a message
        return []
    return sorted(name for name in found if name.casefold().startswith(begin.casefold()))
