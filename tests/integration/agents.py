"""Agents: the SDK's own client on a server of ours, over either transport and in either era of the protocol."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ListRootsResult, Root

Heard = Callable[[httpx2.Response], Awaitable[None]]
COMMAND = ("-m", "codebase_core", "mcp")


@asynccontextmanager
async def stdio(environ: Mapping[str, str], folder: Path, **choices: Any) -> AsyncIterator[Client]:
    """Start a server for one client."""
    server = StdioServerParameters(command=sys.executable, args=list(COMMAND), env=dict(environ), cwd=str(folder))
    async with Client(server, **choices) as client:
        yield client


@dataclass(frozen=True, slots=True)
class Served:
    """A server over HTTP."""

    url: str
    token: str
    process: asyncio.subprocess.Process

    @asynccontextmanager
    async def client(self, *, heard: Heard | None = None, **choices: Any) -> AsyncIterator[Client]:
        """Connect a client; ``heard`` is told of each answer's head."""
        headers, hooks = {"authorization": f"Bearer {self.token}"}, {"response": [heard] if heard else []}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60, event_hooks=hooks) as http,
            Client(streamable_http_client(self.url, http_client=http), **choices) as client,
        ):
            yield client


@asynccontextmanager
async def http(environ: Mapping[str, str], folder: Path) -> AsyncIterator[Served]:
    """Start a server for many clients."""
    errors_read, errors_write = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *COMMAND, "--http", "--port", "0", env=dict(environ), cwd=folder, stderr=errors_write
    )
    os.close(errors_write)
    with os.fdopen(errors_read) as errors:
        try:
            url, _, file = (await asyncio.to_thread(errors.readline)).strip().partition(", token in ")
            with open(file) as kept:  # noqa: ASYNC230, PTH123
                token = kept.read().strip()
            yield Served(url, token, process)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@asynccontextmanager
async def serving(
    environ: Mapping[str, str], folder: Path, *, transport: str = "stdio", **choices: Any
) -> AsyncIterator[Client]:
    """Connect a client to a server of its own."""
    if transport == "stdio":
        async with stdio(environ, folder, **choices) as client:
            yield client
    else:
        async with http(environ, folder) as served, served.client(**choices) as client:
            yield client


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool that must succeed, and return its structured content."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, said(result)
    return result.structured_content


def said(result: CallToolResult) -> str:
    """Return the text of a result."""
    return "\n".join(block.text for block in result.content)


def offering(roots: list[Path]) -> Any:
    """Return a client's answer when it is asked for its roots."""

    async def answer(_: object) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri=root.as_uri()) for root in roots])

    return answer


async def indexed(client: Client, **arguments: Any) -> dict[str, Any]:
    """Wait for a job and return the status after it."""
    while (status := await call(client, "get_indexing_status", wait=20, **arguments))["indexing"]["state"] == "running":
        pass
    return status
