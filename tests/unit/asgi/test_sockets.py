"""The socket that clients connect to."""

from __future__ import annotations

import asyncio
import socket

import pytest
from codebase_core_asgi import deadlines
from codebase_core_asgi.deadlines import hurried
from codebase_core_asgi.listening import listen_tcp

HOST = "127.0.0.1"


def test_the_end_of_an_answer_waits_for_no_acknowledgement():
    options = []

    async def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        options.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def connect() -> None:
        with listen_tcp(HOST, 0) as listening:
            async with await asyncio.start_server(connected, sock=listening):
                reader, writer = await asyncio.open_connection(HOST, listening.getsockname()[1])
                await reader.read()
                writer.close()

    asyncio.run(connect())

    assert options
    assert all(options)


def test_a_body_that_trickles_in_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(deadlines, "BODY_SECONDS", 0.1)

    async def trickle() -> dict[str, object]:
        await asyncio.sleep(0.03)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def read() -> list[object]:
        receive = hurried(trickle)
        return [(await receive())["type"] for _ in range(8)]

    assert asyncio.run(read())[-1] == "http.disconnect"
