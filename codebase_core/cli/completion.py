"""What the shell completes: names of projects, roles and kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

    from codebase_core.app import App


def complete_projects(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's
    """Return the names of projects that begin with what is typed."""
    return _names(incomplete, deleted=False)


def complete_deleted_projects(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's
    """Return the names of deleted projects that begin with what is typed."""
    return _names(incomplete, deleted=True)


def complete_roles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's
    """Return the roles of files that begin with what is typed."""
    from codebase_core.sources.role_names import CODE, ROLE_NAMES  # noqa: PLC0415 - not for --help

    return [name for name in (CODE, *ROLE_NAMES) if name.startswith(incomplete.casefold())]


def complete_kinds(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's
    """Return the kinds of definitions that begin with what is typed."""
    from codebase_core.search.kinds import KINDS  # noqa: PLC0415 - not for --help

    return [kind for kind in KINDS if kind.startswith(incomplete.casefold())]


def _names(begin: str, *, deleted: bool) -> list[str]:
    from codebase_core.errors import CodebaseCoreError  # noqa: PLC0415

    from .session import CliSession  # noqa: PLC0415 - not for --help

    async def work(app: App) -> list[str]:
        return [project.name for project in await (await app.engine.registry()).list(deleted=deleted)]

    try:
        found = CliSession(verbose=False, plugins=True).run(work)
    except CodebaseCoreError:  # a shell that waits for a word has no place for a message
        return []
    return sorted(name for name in found if name.casefold().startswith(begin.casefold()))
