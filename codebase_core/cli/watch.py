"""``codebase-core watch``."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import choice_options, json_option
from .output import counted, print_json, printable

if TYPE_CHECKING:
    from codebase_core.app import App, Choices
    from codebase_core.watching import WatchBatch

    from .session import CliSession


@click.command()
@click.argument("path", default=".", metavar="[PATH]")
@choice_options
@json_option
@click.pass_obj
def watch(
    session: CliSession,
    *,
    path: str,
    choices: Choices,
    as_json: bool,
) -> None:
    """Keep the index of a folder current until Ctrl-C.

    Nothing depends on it: agents compare the tree with the index before they answer.
    """
    from codebase_core.projects.repository import Repository  # noqa: PLC0415
    from codebase_core.watching import watch as batches  # noqa: PLC0415

    async def work(app: App) -> None:
        folder = Repository.at(path)
        click.echo(f"watching {printable(str(folder.root / folder.scope))}; Ctrl-C ends it", err=True)
        async with aclosing(batches(app, Path(path), choices=choices)) as found:
            async for batch in found:
                _print(batch, as_json=as_json)

    session.run(work)


def _print(batch: WatchBatch, *, as_json: bool) -> None:
    progress = batch.progress
    if as_json:
        print_json({"project": batch.project, **progress.as_dict()})
    else:
        done = f"{counted(progress.indexed, 'file')} indexed, {progress.removed:,} removed"
        click.echo(f"{batch.project}: {done} in {progress.seconds:.1f} s")
