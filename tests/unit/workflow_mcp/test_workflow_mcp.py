"""A service that knows the active project: asked only when configured, kept for a while, never believed blindly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import pytest
from codebase_core_hookspecs import CodebaseCoreError, Request, ResolverUnavailable
from codebase_core_workflow_mcp.resolver import ActiveProject, WrongAnswer

REQUEST = Request(path=Path("/src"), root=Path("/src"), intent="read")
ID = UUID("12345678-1234-4234-8234-123456789abc")


@asynccontextmanager
async def serving(body: object, *, status: int = 200, slow: bool = False) -> AsyncIterator[tuple[ActiveProject, list]]:
    requests: list[bytes] = []
    served: list[asyncio.Task] = []

    async def answer(reader, writer):
        served.append(asyncio.current_task())
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        if slow:
            await reader.read()  # until the client has enough
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n\r\n".encode() + text)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server:
        yield ActiveProject(url, timeout=0.2 if slow else 10, cache_seconds=60), requests
        await asyncio.gather(*served, return_exceptions=True)


@pytest.mark.parametrize(
    "body",
    [{"id": str(ID), "name": "shop"}, {"project": {"project_id": str(ID).upper(), "project_name": "shop"}}],
)
async def test_the_active_project_is_claimed_and_kept(body):
    async with serving(body) as (resolver, requests):
        for _ in range(3):
            claim = await resolver.resolve(REQUEST)
            assert (claim.id, claim.name) == (ID, "shop")
            assert claim.evidence.endswith("/api/v1/projects/active")
    assert len(requests) == 1
    assert requests[0].startswith(b"GET /api/v1/projects/active HTTP/1.0\r\n")


async def test_an_answer_is_asked_for_again_when_it_is_old():
    async with serving({"name": "shop"}) as (resolver, requests):
        resolver._cache_seconds = 0
        await resolver.resolve(REQUEST)
        await resolver.resolve(REQUEST)
    assert len(requests) == 2


@pytest.mark.parametrize(("status", "body"), [(404, b""), (204, b""), (200, {"project": None}), (200, None)])
async def test_no_active_project_is_an_absence(status, body):
    async with serving(body, status=status) as (resolver, _):
        claim = await resolver.resolve(REQUEST)
    assert (claim.id, claim.name) == (None, None)


async def test_without_a_url_nothing_is_asked():
    claim = await ActiveProject(None, timeout=1, cache_seconds=60).resolve(REQUEST)
    assert (claim.id, claim.name) == (None, None)
    assert "not configured" in claim.evidence


@pytest.mark.parametrize(("status", "slow"), [(503, False), (200, True)])
async def test_a_service_that_is_ill_or_slow_is_unavailable_and_asked_again(status, slow):
    async with serving({"name": "shop"}, status=status, slow=slow) as (resolver, requests):
        for _ in range(2):
            with pytest.raises(ResolverUnavailable) as caught:
                await resolver.resolve(REQUEST)
    assert caught.value.hint
    assert len(requests) == 2


async def test_a_service_that_is_down_is_unavailable():
    async with serving({}) as (resolver, _):
        pass
    with pytest.raises(ResolverUnavailable):
        await resolver.resolve(REQUEST)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"),
        (200, []),
        (200, {}),
        (200, {"id": 5}),
        (200, {"id": "5"}),
        (200, {"name": ["shop"]}),
        (200, b"x" * 70_000),
        (301, b""),
        (401, b""),
    ],
)
async def test_a_wrong_answer_stops_resolution(status, body):
    async with serving(body, status=status) as (resolver, _):
        with pytest.raises(WrongAnswer, match="wrong answer"):
            await resolver.resolve(REQUEST)


@pytest.mark.parametrize("url", ["ftp://x", "localhost:1", "http://"])
async def test_what_is_no_url_is_said(url):
    with pytest.raises(CodebaseCoreError, match="not an http"):
        await ActiveProject(url, timeout=1, cache_seconds=60).resolve(REQUEST)
