"""A client that is silent is let go; one that waits for a slow answer is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from codebase_core_asgi import deadlines
from codebase_core_asgi.listening import listen_tcp

HEAD = b"GET / HTTP/1.1\r\nhost: x\r\n"
ENOUGH = 10.0
"""Seconds after which a connection counts as kept open."""


async def _app(scope, receive, send) -> None:
    await asyncio.sleep(0.5 if scope["path"] == "/slow" else 0)
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(deadlines, "HEAD_SECONDS", 0.2)
    config = uvicorn.Config(
        _app, http=deadlines.TimelyProtocol, lifespan="off", log_config=None, access_log=False, timeout_keep_alive=60
    )
    server = uvicorn.Server(config)
    with listen_tcp("127.0.0.1", 0) as listening:
        running = asyncio.create_task(server.serve(sockets=[listening]))
        yield listening.getsockname()[1]
        server.should_exit = True
        await running


async def _closed_after(port: int, *sent: bytes) -> bytes:
    """Send one piece after the other, each when the one before was answered, and read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in sent[:-1]:
        writer.write(piece)
        await reader.readuntil(b"ok")
    writer.write(sent[-1])
    async with asyncio.timeout(ENOUGH):
        rest = await reader.read()
    writer.close()
    return rest


@pytest.mark.parametrize("sent", [[b""], [b"GE"], [HEAD], [HEAD + b"\r\n", b"GET"], [HEAD + b"\r\n", HEAD]])
async def test_a_head_that_does_not_come_ends_the_connection(port: int, sent: list[bytes]) -> None:
    assert await _closed_after(port, *sent) == b""


async def test_a_head_in_drops_has_one_deadline_for_all_of_it(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for letter in HEAD * 4:
        writer.write(bytes([letter]))
        await asyncio.sleep(0.02)
        if reader.at_eof():
            break
    assert await reader.read() == b""
    writer.close()


async def test_who_waits_for_an_answer_is_no_silent_client(port: int) -> None:
    slow = HEAD.replace(b" / ", b" /slow ") + b"\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(slow)
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_a_connection_may_be_idle_between_requests(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(HEAD + b"\r\n")
        await reader.readuntil(b"ok")
        await asyncio.sleep(0.5)
    writer.close()
