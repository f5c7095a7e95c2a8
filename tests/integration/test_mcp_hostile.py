"""A client that means harm, or is broken, leaves the server answering."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

from codebase_core.app import App
from codebase_core.config.settings import Settings

from .agents import COMMAND, call, http, said

pytestmark = pytest.mark.any_store

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "hostile", "version": "1"}}
PATHS = (
    "../../etc/passwd",
    "/etc",
    "/proc/self/environ",
    "file:///etc",
    "~root",
    "\0",
    "a/" * 5_000,
    "/",
    "//",
)


class Raw:
    """A client that writes what it likes into the server's stdin."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._id = 0

    def send(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._id += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}).encode())
        assert self._process.stdout is not None
        while True:
            answer = json.loads(await self._process.stdout.readline())
            if answer.get("id") == self._id:
                return answer

    async def call(self, tool: str, arguments: object) -> dict[str, Any]:
        return await self.ask("tools/call", name=tool, arguments=arguments)


@asynccontextmanager
async def connected(environ: Mapping[str, str], folder: Path) -> AsyncIterator[Raw]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *COMMAND,
        env=dict(environ),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 26,
    )
    raw = Raw(process)
    await raw.ask("initialize", **HELLO)
    yield raw
    await process.communicate(b"")
    assert process.returncode == 0


async def _answers(raw: Raw) -> None:
    result = (await raw.call("search_code", {"query": "where are connections pooled"}))["result"]
    assert result["structuredContent"]["hits"][0]["path"] == "pool.py"


async def test_nonsense_on_stdin(environ: Mapping[str, str], settings: Settings, tree: Path) -> None:
    chance = random.Random(3)
    async with App(settings) as app:
        await app.index(tree)
    async with connected(environ, tree) as raw:
        for line in (
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"jsonrpc":"2.0"}',
            b'{"jsonrpc":"1.0","id":1,"method":"x"}',
            b'{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
            b"\xff\xfe\x00",
            rb'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"search_code","arguments":{"query":"\ud800"}}}',
            b"[" * 100_000,
            b"x" * 10_000_000,
            bytes(chance.randrange(256) for _ in range(5_000)).replace(b"\n", b" "),
        ):
            raw.send(line)
            await _answers(raw)


async def test_wrong_arguments(environ: Mapping[str, str], settings: Settings, tree: Path) -> None:
    async with App(settings) as app:
        await app.index(tree)
    async with connected(environ, tree) as raw:
        for method in ("tools/destroy", "resources/read", "prompts/get", "sampling/createMessage", "x" * 10_000):
            assert "error" in await raw.ask(method, uri="file:///etc/passwd")
        for tool in ("", "rm -rf", "search_code; DROP TABLE", "__class__", "_workspace"):
            assert "error" in await raw.call(tool, {})
        for arguments in (
            None,
            [],
            "x",
            7,
            {"query": None},
            {"query": {}},
            {"query": []},
            {"query": [[]]},
            {"limit": "many"},
        ):
            answer = await raw.call("search_code", arguments)
            assert "error" in answer or answer["result"]["isError"]
        answer = await raw.call("search_code", {"query": "x" * 10_000_000})
        assert answer["result"]["isError"]
        assert len(json.dumps(answer)) < 2_000  # what was sent is not sent back
        for path in PATHS:
            for tool in ("index_repository", "set_working_directory", "get_indexing_status"):
                answer = await raw.call(tool, {"path": path})
                if tool == "index_repository":
                    assert "error" in answer or answer["result"]["isError"], (tool, path, answer)
            answer = await raw.call("find_related", {"file": path, "line": 1})
            assert "error" in answer or answer["result"]["isError"], path
        await raw.call("set_working_directory", {"path": str(tree)})
        await _answers(raw)
    async with App(settings) as app:
        assert [project.name for project in await (await app.engine.registry()).list()] == ["example"]


def test_a_client_that_stops_reading(environ: Mapping[str, str], tree: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, *COMMAND],
        env=dict(environ),
        cwd=tree,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for number, method in enumerate(("initialize", "tools/list")):
        params = HELLO if method == "initialize" else {}
        process.stdin.write(
            json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"
        )
        process.stdin.flush()
        if method == "initialize":
            process.stdout.readline()
            process.stdout.close()
    process.stdin.close()
    assert process.stderr is not None
    with process.stderr:
        assert (process.stderr.read(), process.wait(timeout=30)) == (b"", 0)


@pytest.mark.soak
async def test_thousands_of_calls_at_once_from_one_leave_others_an_answer(
    environ: Mapping[str, str], settings: Settings, tree: Path
) -> None:
    async with App(settings) as app:
        await app.index(tree)
    async with http(environ, tree) as served, served.client() as good, served.client(mode="legacy") as bad:
        flood = asyncio.gather(
            *(bad.call_tool("search_code", {"query": f"flood {i}"}) for i in range(300)),
            *(bad.call_tool("no_such_tool", {}) for _ in range(300)),
            *(bad.call_tool("get_indexing_status", {"wait": 50, "job": "x"}) for _ in range(100)),
            return_exceptions=True,
        )
        await asyncio.sleep(0.2)
        assert (await call(good, "search_code", query="pool"))["hits"]
        results = await flood
        assert sum(isinstance(result, MCPError) for result in results) >= 300
        assert all(
            "hits" in r.structured_content for r in results[:300] if not isinstance(r, BaseException) and not r.is_error
        )
        assert (await call(good, "search_code", query="pool"))["hits"]
        assert "next:" in said(await good.call_tool("search_code", {"query": "x", "project": "nobody"}))
