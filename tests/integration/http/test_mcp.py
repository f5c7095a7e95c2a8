"""The protocol for agents within the server: the same tools, by projects alone, with the rights of each token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.integration.agents import call, said

from .conftest import Served
from .test_rights import Tokens, tokens

__all__ = ["tokens"]

pytestmark = pytest.mark.any_store


@asynccontextmanager
async def _agent(served: Served, token: str, era: str) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=60) as http,
        Client(streamable_http_client(f"{served.url}mcp", http_client=http), mode=era) as client,
    ):
        yield client


async def _told(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error, said(result)
    return said(result)


async def test_an_agent_elsewhere_asks_by_project(served: Served, era: str) -> None:
    async with _agent(served, served.token, era) as client:
        names = [each["name"] for each in (await call(client, "list_projects"))["projects"]]
        assert sorted(names) == ["example", "lending", "tagged"]
        found = await call(client, "search_code", project="example", query="ConnectionPool.acquire")
        assert found["hits"][0]["path"] == "pool.py"
        related = await call(client, "find_related", project="example", file="pool.py", line=4)
        assert related["project"]["name"] == "example"
        status = await call(client, "get_indexing_status", project="lending")
        assert status["files"] == 1
        for tool, more in (("search_code", {"query": "x"}), ("index_repository", {}), ("get_indexing_status", {})):
            told = await _told(client, tool, **more)
            assert "none of your folders" in told
            assert "list_projects" in told


@pytest.mark.parametrize("path", ["/", "/etc", "/no/such/folder", "relative", "~root"])
async def test_a_path_says_nothing_here(served: Served, path: str) -> None:
    """Neither what is there nor what is not: every path is answered alike."""
    async with _agent(served, served.token, "auto") as client:
        for tool, more in (("search_code", {"query": "x", "project": "example"}), ("index_repository", {})):
            assert "none of your folders" in await _told(client, tool, path=path, **more)
        assert "none of your folders" in await _told(client, "set_working_directory", path=path)


async def test_an_agent_has_the_rights_of_its_token(served: Served, tokens: Tokens, era: str) -> None:

    reader, indexer = await asyncio.gather(
        asyncio.to_thread(tokens, "reader", projects=["lending"]),
        asyncio.to_thread(tokens, "indexer", projects=["lending"], scope="index"),
    )
    async with _agent(served, reader, era) as client:
        assert [each["name"] for each in (await call(client, "list_projects"))["projects"]] == ["lending"]
        assert (await call(client, "search_code", project="lending", query="Borrow"))["hits"]
        hidden = await _told(client, "search_code", project="example", query="x")
        absent = await _told(client, "search_code", project="absent", query="x")
        assert hidden.replace("example", "NAME") == absent.replace("absent", "NAME")
        assert "is not for this" in await _told(client, "index_repository", project="lending")
    async with _agent(served, indexer, era) as client:
        job = await call(client, "index_repository", project="lending")
        assert job["job"]
        ended = await call(client, "get_indexing_status", job=job["job"], wait=50)
        assert ended["indexing"]["state"] == "done"


def test_nobody_speaks_the_protocol_without_a_token(served: Served) -> None:
    for path in ("mcp", "mcp/", "mcp/x"):
        assert httpx.post(served.url + path, json={}).status_code == 401
        assert httpx.post(served.url + path, json={}, headers={"authorization": "Bearer x"}).status_code == 401
