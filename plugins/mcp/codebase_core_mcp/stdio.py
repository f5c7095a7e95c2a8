"""Serve one client over stdin and stdout. Nothing but the protocol goes to stdout: the library diverts it to stderr."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from mcp.server.stdio import stdio_server

from .server import build
from .sessions import Sessions, roots_of_process

if TYPE_CHECKING:
    from codebase_core_hookspecs import PluginContext


async def serve(context: PluginContext, *, started_in: Path) -> None:
    """Serve until the client closes its end."""
    # A thread waits for stdin and nothing wakes it: ending in order would take until the next line.
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, os._exit, 130)
    assert context.service is not None  # noqa: S101 - commands get one
    async with context.service() as service:
        server = build(lambda _: service, Sessions(roots_of_process(started_in)), options=context.options)
        try:
            async with stdio_server() as (read, write):
                await server.run(read, write, server.create_initialization_options())
        except* BrokenPipeError:
            pass  # the client does not read any more: it is gone
