"""``codebase-core config``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codebase_core.engine import Engine
from codebase_core.operations.doctor import all_options

from .options import json_option
from .output import print_json, print_table

if TYPE_CHECKING:
    from .session import CliSession


@click.group()
def config() -> None:
    """Show the settings and where they come from."""


@config.command()
@json_option
@click.pass_obj
def show(session: CliSession, *, as_json: bool) -> None:
    """Show every setting with its value and origin; secrets are masked."""
    settings = session.settings()
    rows: list[dict[str, Any]] = [
        {"name": name, "value": found.shown(), "origin": found.origin, "summary": found.option.summary}
        for name, found in all_options(settings, Engine(settings).plugins)
    ]
    if as_json:
        print_json({"settings": rows, "servers": sorted(settings.servers)})
        return
    print_table(("SETTING", "VALUE", "FROM"), [(row["name"], _text(row["value"]), row["origin"]) for row in rows])
    click.echo(f"servers: {', '.join(sorted(settings.servers))}")


def _text(value: object) -> str:
    if value is None:
        return "-"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
