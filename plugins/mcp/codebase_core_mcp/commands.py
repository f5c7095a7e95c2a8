"""The command ``codebase-core mcp``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click
from codebase_core_hookspecs import CodebaseCoreError

from .plugin import REQUIRES

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


@click.command()
@click.pass_obj
def mcp(context: PluginContext) -> None:
    """Serve coding agents over the Model Context Protocol, on stdin and stdout.

    An agent starts this command by itself; see docs/agents.md for what to write into its settings.
    """
    try:
        from .stdio import serve  # noqa: PLC0415 - half a second
    except ImportError as exc:
        raise CodebaseCoreError(f"this command lacks a library: {exc}", hint=f"pip install {REQUIRES!r}") from exc
    asyncio.run(serve(context, started_in=Path.cwd()))
