"""What the HTTP transport refuses, and that it goes on for the others."""

from __future__ import annotations

import asyncio
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest

from codebase_core.app import App
from codebase_core.config.settings import Settings

from .agents import COMMAND, Served, call, http

pytestmark = pytest.mark.any_store

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ACCEPT = {"accept": "application/json, text/event-stream"}


async def _post(served: Served, *, token: str | None = None, body: object = HELLO, **headers: str) -> httpx2.Response:
    bearer = {"authorization": f"Bearer {served.token if token is None else token}"}
    async with httpx2.AsyncClient(timeout=30) as client:
        return await client.post(served.url, json=body, headers={**ACCEPT, **bearer, **headers})


async def test_only_those_with_the_token_on_this_machine_are_let_in(environ: Mapping[str, str], tree: Path) -> None:
    async with http(environ, tree) as served:
        assert served.url.startswith("http://127.0.0.1:")
        token = Path(environ["CODEBASE_CORE_HOME"]) / "mcp-token"
        assert stat.S_IMODE(token.stat().st_mode) == 0o600
        assert (await _post(served)).status_code == 200
        for wrong in ("-", "x", served.token[:-1], f"{served.token}x"):
            assert (await _post(served, token=wrong)).status_code == 401
        async with httpx2.AsyncClient() as client:
            assert (await client.post(served.url, json=HELLO, headers=ACCEPT)).status_code == 401
            assert (await client.get(served.url.replace("/mcp", "/"))).status_code == 401
        assert (await _post(served, host="evil.example")).status_code == 421
        assert (await _post(served, origin="http://evil.example")).status_code == 403
        assert (await _post(served, origin="http://localhost:3000")).status_code == 200
        modern = {"mcp-protocol-version": "2026-07-28", "origin": "http://evil.example"}
        assert (await _post(served, **modern)).status_code == 403
        assert (await _post(served, body={"padding": "x" * 2_000_000})).status_code == 413
        assert (await _post(served)).status_code == 200


async def test_a_session_gets_its_answers_over_connections_that_stay(
    environ: Mapping[str, str], settings: Settings, tree: Path
) -> None:
    answers: list[tuple[str, object]] = []

    async def note(response: httpx2.Response) -> None:
        if response.request.method == "POST" and response.status_code == 200:
            connection = response.extensions["network_stream"].get_extra_info("client_addr")
            answers.append((response.headers["content-type"], connection))

    async with App(settings) as app:
        await app.index(tree)
    async with http(environ, tree) as served, served.client(mode="legacy", heard=note) as client:
        for _ in range(5):
            assert (await call(client, "search_code", query="pool"))["hits"]
    assert {kind for kind, _ in answers} == {"application/json"}
    assert len(answers) >= 6
    assert len({connection for _, connection in answers}) <= 2


async def test_a_port_that_is_taken_is_an_error(environ: Mapping[str, str], tree: Path) -> None:
    async with http(environ, tree) as served:
        port = served.url.removeprefix("http://127.0.0.1:").removesuffix("/mcp")
        process = await asyncio.create_subprocess_exec(
            sys.executable, *COMMAND, "--http", "--port", port, env=dict(environ), stderr=asyncio.subprocess.PIPE
        )
        _, errors = await process.communicate()
        assert process.returncode == 1
        assert f"cannot listen on 127.0.0.1:{port}".encode() in errors


async def test_a_token_that_others_may_read_is_none(environ: Mapping[str, str], tree: Path) -> None:
    token = Path(environ["CODEBASE_CORE_HOME"]) / "mcp-token"
    token.parent.mkdir(parents=True, exist_ok=True)
    for content, mode, says in ((b"secret", 0o644, b"others may read"), (b"\xff", 0o600, b"it holds no token")):
        token.unlink(missing_ok=True)
        token.write_bytes(content)
        token.chmod(mode)
        process = await asyncio.create_subprocess_exec(
            sys.executable, *COMMAND, "--http", "--port", "0", env=dict(environ), stderr=asyncio.subprocess.PIPE
        )
        _, errors = await process.communicate()
        assert process.returncode == 1
        assert says in errors


async def test_clients_that_stop_in_the_middle_leave_the_server_answering(
    environ: Mapping[str, str], settings: Settings, tree: Path
) -> None:
    async with App(settings) as app:
        await app.index(tree)
    async with http(environ, tree) as served, served.client() as client:
        port = int(served.url.rpartition(":")[2].removesuffix("/mcp"))
        head = f"POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {served.token}\r\n"
        for sent in (
            "",
            "POST",
            head,
            head + "content-length: 100\r\n\r\n{",
            "\0" * 10_000,
            head + "content-length: x\r\n\r\n",
        ):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent.encode())
            await writer.drain()
            assert (await call(client, "search_code", query="pool"))["hits"]
            writer.close()
        assert (await call(client, "search_code", query="pool"))["hits"]
