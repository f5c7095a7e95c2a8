"""``codebase-core embedders``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import json_option
from .output import print_json, print_table

if TYPE_CHECKING:
    from .session import CliSession


@click.group()
def embedders() -> None:
    """Show the embedding models that can be used, and try one."""


@embedders.command("list")
@json_option
@click.pass_obj
def list_embedders(session: CliSession, *, as_json: bool) -> None:
    """List the embedders that are installed: their default model and dimensions, or why they cannot be used."""
    found = session.run(lambda app: app.embedders())
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    rows = [
        (
            each.plugin.name,
            each.identity.model,
            each.identity.dimensions,
            _vectors(each.plugin.cache_vectors),
            "available",
        )
        if each.identity is not None
        else (each.plugin.name, "-", "-", _vectors(each.plugin.cache_vectors), each.problem or "")
        for each in found
    ]
    print_table(("NAME", "MODEL", "DIMENSIONS", "VECTORS", "STATE"), rows)
    for each in found:
        if each.hint:
            click.echo(f"{each.plugin.name}: {each.hint}", err=True)


@embedders.command()
@click.argument("embedder", required=False, metavar="[PLUGIN[:MODEL]]")
@json_option
@click.pass_obj
def check(session: CliSession, *, embedder: str | None, as_json: bool) -> None:
    """Embed a few texts and take the time; by default with the embedder of new projects."""
    trial = session.run(lambda app: app.try_embedder(embedder))
    if as_json:
        print_json(trial.as_dict())
        return
    identity = trial.identity
    click.echo(
        f"{identity.plugin}:{identity.model}, {identity.dimensions} dimensions, vectors {_vectors(trial.cache_vectors)}"
    )
    click.echo(f"revision {identity.revision}")
    click.echo(f"first text {trial.first_seconds:.2f} s, then {trial.texts_per_second:,.0f} pieces of code a second")
    click.echo(f"a query {trial.query_milliseconds:.1f} ms")
    cut = f"longer texts are cut after about {trial.reads_words} words" if trial.reads_words else "no text was cut"
    click.echo(cut)


def _vectors(kept: bool) -> str:  # noqa: FBT001
    return "kept" if kept else "embedded anew"
