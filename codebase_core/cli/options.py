"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from .completion import complete_deleted_projects, complete_projects

F = TypeVar("F", bound=Callable[..., Any])


def project_option(command: F) -> F:
    """Add ``--project``."""
    return click.option(
        "--project",
        metavar="NAME",
        help="Project, by name or id, whatever the folder says.",
        shell_complete=complete_projects,
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def refresh_option(command: F) -> F:
    """Add ``--no-refresh``."""
    return click.option(
        "--no-refresh",
        is_flag=True,
        help="Answer from the index as it is, without comparing the tree with it; for scripts.",
    )(command)


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


def project_argument(*, many: bool = False, required: bool = True, deleted: bool = False) -> Callable[[F], F]:
    """Add the argument NAME, or NAMES where one command does the same to several projects."""
    nargs, metavar = (-1, "NAME...") if many else (1, "NAME")
    return click.argument(
        "names" if many else "name",
        nargs=nargs,
        required=required,
        metavar=metavar if required else f"[{metavar}]",
        shell_complete=complete_deleted_projects if deleted else complete_projects,
    )
