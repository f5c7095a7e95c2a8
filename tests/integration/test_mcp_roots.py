"""Roots that MCP clients offer: which folder they make a client work in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from codebase_core.app import App
from codebase_core.config.settings import Settings

from .agents import call, indexed, offering, said, serving

pytestmark = pytest.mark.any_store


async def test_roots_say_where_a_client_works(environ: Mapping[str, str], tree: Path, transport: str, era: str) -> None:
    async with serving(
        environ, Path("/"), transport=transport, mode=era, list_roots_callback=offering([tree])
    ) as client:
        await call(client, "index_repository")
        await indexed(client)
        assert (await call(client, "search_code", query="pooled"))["project"]["name"] == "example"


@pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
async def test_roots_win_over_a_working_directory_that_is_none_of_them(
    environ: Mapping[str, str], settings: Settings, tree: Path, tmp_path: Path, era: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "other.py").write_text("def elsewhere():\n    pass\n")
    async with App(settings) as app:
        await app.index(tree)
        await app.index(other)
    roots = [tree]
    async with serving(environ, Path("/"), mode=era, list_roots_callback=offering(roots)) as client:
        refused = await client.call_tool("set_working_directory", {"path": str(other)})
        assert f"{other} lies in none of the roots: {tree}" in said(refused)
        assert (await call(client, "search_code", query="x"))["project"]["name"] == "example"
        await call(client, "set_working_directory", path=str(tree / "web"))
        assert (await call(client, "search_code", query="x"))["project"]["name"] == "example"
        roots[:] = [other]
        if era == "legacy":
            await client.session.send_roots_list_changed()
        assert (await call(client, "search_code", query="x"))["project"]["name"] == "other"


@pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
async def test_a_root_may_be_a_link_and_none_is_as_good_as_no_answer(
    environ: Mapping[str, str], settings: Settings, tree: Path, tmp_path: Path, era: str
) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    async with App(settings) as app:
        await app.index(tree)
    roots = [tmp_path / "first", tmp_path / "link"]
    async with serving(environ, Path("/"), mode=era, list_roots_callback=offering(roots)) as client:
        await call(client, "set_working_directory", path=str(tmp_path / "link" / "example"))
        assert (await call(client, "search_code", query="pool"))["project"]["name"] == "example"
    async with serving(environ, tree, mode=era, list_roots_callback=offering([])) as client:
        assert (await call(client, "search_code", query="pool"))["project"]["name"] == "example"
