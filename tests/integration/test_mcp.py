"""The MCP server, driven by the SDK's own client over both transports, in both eras of the protocol."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from codebase_core.app import App
from codebase_core.config.settings import Settings

from .agents import call, http, indexed, said, serving

pytestmark = pytest.mark.any_store

TOOLS = {
    *(
        "search_code",
        "find_related",
        "index_repository",
        "get_indexing_status",
        "set_working_directory",
        "list_projects",
    )
}


async def test_every_tool(environ: Mapping[str, str], tree: Path, transport: str, era: str) -> None:
    async with serving(environ, tree, transport=transport, mode=era) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        assert "search_code" in client.instructions
        job = await call(client, "index_repository")
        assert job["path"] == str(tree)
        status = await indexed(client, job=job["job"])
        assert status["indexing"]["files"]["indexed"] == 5
        result = await client.call_tool("search_code", {"query": "where are connections pooled", "limit": 2})
        answer = result.structured_content
        assert answer["hits"][0]["path"] == "pool.py"
        assert answer["hits"][0]["symbols"] == ["ConnectionPool", "ConnectionPool.acquire"]
        assert (answer["project"]["name"], answer["project"]["tier"]) == ("example", "checkout")
        assert answer["freshness"] == {"state": "current"}
        assert "1. pool.py:1-6 type ConnectionPool" in said(result)
        assert "project example (by checkout:" in said(result)
        both = await call(client, "search_code", query=["tokenize", "start a server"], max_tokens=400)
        assert [each["hits"][0]["path"] for each in both["answers"]] == ["parser/tokens.py", "web/server.js"]
        only = await call(client, "search_code", query="tokenize server pool", globs=["*.js"], explain=True)
        assert {hit["path"] for hit in only["hits"]} == {"web/server.js"}
        assert "lexical" in only["hits"][0]["explain"]
        status = await call(client, "get_indexing_status")
        assert (status["files"], status["freshness"]["state"]) == (5, "current")
        projects = await call(client, "list_projects")
        assert [project["name"] for project in projects["projects"]] == ["example"]
        related = await call(client, "find_related", file="pool.py", line=5, limit=2)
        assert related["hits"]
        assert "pool.py" not in {hit["path"] for hit in related["hits"]}
        moved = await client.call_tool("set_working_directory", {"path": str(tree / "parser")})
        if (transport, era) == ("http", "auto"):  # nothing ties two requests together
            assert "keeps nothing between calls" in said(moved)
        else:
            assert moved.structured_content["project"]["name"] == "example"


async def test_the_project_in_use_does_not_answer_for_a_folder_that_can_have_its_own(
    environ: Mapping[str, str], settings: Settings, tree: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "other.py").write_text("def elsewhere():\n    pass\n")
    async with App(settings) as app:
        await app.index(other)
        await app.use("other")
    async with serving(environ, tree, mode="legacy") as client:
        await call(client, "search_code", query="pool")
        await indexed(client)
        assert (await call(client, "search_code", query="pool"))["project"]["name"] == "example"
    async with serving(environ, Path("/"), mode="legacy") as client:
        await call(client, "set_working_directory", path=str(tmp_path))
        answer = await call(client, "search_code", query="elsewhere")
        assert (answer["project"]["tier"], answer["freshness"]["state"]) == ("active", "unknown")


async def test_an_answer_is_as_small_as_asked_for(environ: Mapping[str, str], settings: Settings, tree: Path) -> None:
    (tree / "long.py").write_text(
        "def long():\n" + "".join(f"    value_{i} = compute(other={i})\n" for i in range(300))
    )
    async with App(settings) as app:
        await app.index(tree)
    async with serving(environ, tree, mode="legacy") as client:
        sizes = []
        for tokens in (300, 2_000):
            result = await client.call_tool("search_code", {"query": "compute a long value", "max_tokens": tokens})
            sizes.append(len(said(result)))
            assert sizes[-1] / 3 <= tokens + 150  # what stands above the hits
        assert sizes[0] < sizes[1]
        assert "do not fit in 300 tokens" in said(
            await client.call_tool("search_code", {"query": "compute a long value", "max_tokens": 300})
        )


async def test_two_sessions_never_see_each_others_working_directory(
    environ: Mapping[str, str], settings: Settings, tree: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "other.py").write_text("def elsewhere():\n    pass\n")
    async with App(settings) as app:
        await app.index(tree)
        await app.index(other)
    async with (
        http(environ, Path("/")) as served,
        served.client(mode="legacy") as one,
        served.client(mode="legacy") as two,
    ):
        await call(one, "set_working_directory", path=str(tree))
        await call(two, "set_working_directory", path=str(other))
        for _ in range(5):
            answers = await asyncio.gather(*(call(each, "search_code", query="elsewhere pool") for each in (one, two)))
            assert [answer["project"]["name"] for answer in answers] == ["example", "other"]
            assert [{hit["path"] for hit in answer["hits"]} >= {"other.py"} for answer in answers] == [False, True]


async def test_a_renamed_or_dropped_project_is_noticed_by_the_next_request(
    environ: Mapping[str, str], settings: Settings, tree: Path
) -> None:
    async with (
        App(settings) as app,
        serving({**environ, "CODEBASE_CORE_AUTO_INDEX": "no"}, tree, mode="legacy") as client,
    ):
        await app.index(tree)
        assert (await call(client, "search_code", query="pool"))["project"]["name"] == "example"
        projects, registry = await app.projects(), await app.engine.registry()
        found = await registry.update(replace(await app.find("example"), name="renamed"), actor="test", action="rename")
        assert (await call(client, "search_code", query="pool"))["project"]["name"] == "renamed"
        await projects.purge(await projects.delete(found))
        result = await client.call_tool("search_code", {"query": "pool"})
        assert result.is_error
        assert "is not indexed" in said(result)


async def test_changed_files_are_indexed_before_the_answer(
    environ: Mapping[str, str], settings: Settings, tree: Path
) -> None:
    async with App(settings) as app:
        await app.index(tree)
    chosen = {"CODEBASE_CORE_REVALIDATE_BUDGET": "60", "CODEBASE_CORE_REVALIDATE_SECONDS": "0.1"}
    async with serving({**environ, **chosen}, tree, mode="legacy") as client:
        await call(client, "search_code", query="pool")
        await asyncio.sleep(0.2)
        (tree / "pool.py").write_text("class Reservoir:\n    '''Connections are pooled here.'''\n")
        answer = await call(client, "search_code", query="where are connections pooled", limit=1)
        assert (answer["hits"][0]["symbols"], answer["hits"][0]["state"]) == (["Reservoir"], "current")
        (tree / "new.py").write_text("def quicksilver():\n    pass\n")
        (tree / "parser" / "tokens.py").unlink()
        await asyncio.sleep(0.2)
        assert (await call(client, "search_code", query="quicksilver", limit=1))["hits"][0]["path"] == "new.py"
        hits = (await call(client, "search_code", query="tokenize a text"))["hits"]
        assert "parser/tokens.py" not in {hit["path"] for hit in hits}


async def test_what_was_written_since_the_last_look_is_found(
    environ: Mapping[str, str], settings: Settings, tree: Path
) -> None:
    async with App(settings) as app:
        await app.index(tree)
    chosen = {"CODEBASE_CORE_REVALIDATE_BUDGET": "60", "CODEBASE_CORE_REVALIDATE_SECONDS": "3600"}
    async with serving({**environ, **chosen}, tree, mode="legacy") as client:
        await call(client, "search_code", query="pool")
        await asyncio.sleep(2)
        (tree / "new.py").write_text("class QuicksilverPool:\n    pass\n")
        assert (await call(client, "search_code", query="QuicksilverPool"))["hits"][0]["path"] == "new.py"
        await asyncio.sleep(2)
        (tree / "newer.py").write_text("def molybdenum():\n    pass\n")
        assert (await call(client, "find_related", file=str(tree / "newer.py"), line=1))["hits"]
        result = await client.call_tool("find_related", {"file": "nowhere.py", "line": 1})
        assert "next: search_code names files" in said(result)


async def test_only_allowed_folders_are_indexed(environ: Mapping[str, str], tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("a = 1\n")
    (tree / "link").symlink_to(outside)
    async with serving(environ, tree, mode="legacy") as client:
        for path in (str(outside), f"{tree}/../outside", f"{tree}/link", "/etc", str(tmp_path)):
            result = await client.call_tool("index_repository", {"path": path})
            assert result.is_error
            assert "may not be indexed from here" in said(result)
            assert "next: tell the user" in said(result)
            result = await client.call_tool("search_code", {"path": path, "query": "a"})
            assert result.is_error
            assert "may not be indexed from here" in said(result)
        assert (await call(client, "list_projects"))["projects"] == []
    async with serving({**environ, "CODEBASE_CORE_ALLOWED_ROOTS": str(outside)}, tree, mode="legacy") as client:
        await call(client, "index_repository", path=str(outside))
        result = await client.call_tool("index_repository", {"path": str(tree)})
        assert result.is_error
        await indexed(client, path=str(outside))


WRONG = (
    ("search_code", {}, "query: is required"),
    ("search_code", {"query": 7}, "query: 7 is not valid: it should be a valid string"),
    ("search_code", {"query": "x" * 20_001}, "at most 20,000 characters are expected"),
    ("search_code", {"query": ["x"] * 30}, "at most 20 items are expected"),
    ("search_code", {"query": " "}, "query: ' ' is not valid: it is empty"),
    ("index_repository", {"project": "nobody"}, "project 'nobody' does not exist"),
    (
        "search_code",
        {"query": "x", "limit": 10_000},
        "limit: 10000 is not valid: it should be less than or equal to 50",
    ),
    ("search_code", {"query": "x", "colour": "red"}, "colour: is not an argument of this tool"),
    ("search_code", {"query": "x", "project": "nobody"}, "next: call list_projects"),
    ("search_code", {"query": "x", "path": "relative"}, "is not an absolute path"),
    ("search_code", {"query": "x", "path": "/no/such/folder"}, "does not exist"),
    ("search_code", {"query": "x", "path": "/tmp/\0"}, "does not exist"),
    ("get_indexing_status", {"job": "../../x"}, "no job has the id"),
    ("set_working_directory", {"path": "/no/such/folder"}, "does not exist"),
    ("search_code", {"query": "x", "path": "~nosuchuser/x"}, "does not exist"),
)


async def test_what_is_wrong_is_said_with_the_next_call(environ: Mapping[str, str], tree: Path) -> None:
    async with serving(environ, tree, mode="legacy") as client:
        for tool, arguments, says in WRONG:
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert says in said(result)
            assert "\nnext: " in said(result)


async def test_nothing_but_the_protocol_goes_to_stdout(environ: Mapping[str, str], tree: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "codebase_core", "--verbose", "mcp"),
        env={**environ, "CODEBASE_CORE_LOG": "json"},
        cwd=tree,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    for message in (
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "index_repository", "arguments": {}}},
        {
            "jsonrpc": "2.0",
            "id": 3,
            "method": "tools/call",
            "params": {"name": "search_code", "arguments": {"query": "pool"}},
        },
    ):
        process.stdin.write(json.dumps(message).encode() + b"\n")
    assert process.stdout is not None
    answers = [json.loads(await process.stdout.readline()) for _ in range(3)]
    assert {answer["id"] for answer in answers} == {1, 2, 3}
    out, errors = await process.communicate(b"")  # closes its stdin: the client is gone
    assert (process.returncode, out) == (0, b""), errors.decode()


async def test_ctrl_c_ends_a_server_that_waits_for_its_client(environ: Mapping[str, str], tree: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "codebase_core", "mcp"),
        env=dict(environ),
        cwd=tree,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
    await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 130
