"""The command ``codebase-core mcp``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click
from codebase_core_hookspecs import CodebaseCoreError

from .garbage import collect_rarely
from .plugin import REQUIRES

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


@click.command()
@click.option("--http", is_flag=True, help="Serve over HTTP on loopback, to any number of clients with the token.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8_765, show_default=True, help="Port for HTTP; 0 for any."
)
@click.pass_obj
def mcp(context: PluginContext, *, http: bool, port: int) -> None:
    """Serve coding agents over the Model Context Protocol, on stdin and stdout.

    An agent starts this command by itself: codebase-core install-agent writes it into its settings.
    """
    collect_rarely()
    try:
        if http:
            from . import http as transport  # noqa: PLC0415 - half a second

            asyncio.run(transport.serve(context, started_in=Path.cwd(), port=port))
        else:
            from . import stdio  # noqa: PLC0415

            asyncio.run(stdio.serve(context, started_in=Path.cwd()))
    except ModuleNotFoundError as exc:
        raise CodebaseCoreError(f"this command lacks a library: {exc}", hint=f"pip install {REQUIRES!r}") from exc
