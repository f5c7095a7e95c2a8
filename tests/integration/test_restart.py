"""A server that stops or restarts under a long-lived process: one retry, no error, and ours is started again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from codebase_core_postgres.embedded import EmbeddedServer

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from codebase_core.errors import ServerUnavailable

pytestmark = pytest.mark.any_store


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cbr-"))
    yield folder
    server = EmbeddedServer(folder)
    data = server.status().data_dir
    server.stop()
    shutil.rmtree(data.parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


async def test_the_embedded_server_is_started_again(home: Path, tree: Path, store_name: str) -> None:
    server = EmbeddedServer(home)
    settings = load_settings(environ={"CODEBASE_CORE_HOME": str(home), "CODEBASE_CORE_STORE": store_name})
    async with App(settings) as app:
        await app.index(tree)
        server.stop()  # the connections of this process do not know it yet
        assert (await app.search("pool", path=tree)).hits
        await asyncio.to_thread(server.stop)  # now they do
        await asyncio.sleep(0.05)
        assert (await app.search("pool", path=tree)).hits
        await asyncio.to_thread(server.stop)
        assert (await app.index(tree)).progress.unchanged == 6
        pid = server.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert (await app.search("pool", path=tree)).hits


async def test_searches_go_on_while_the_server_restarts_again_and_again(
    home: Path, tree: Path, store_name: str
) -> None:
    server = EmbeddedServer(home)
    settings = load_settings(environ={"CODEBASE_CORE_HOME": str(home), "CODEBASE_CORE_STORE": store_name})
    async with App(settings) as app:
        await app.index(tree)
        searchers = range(5)
        unanswered: set[int] = set()
        answered, stopping = asyncio.Event(), asyncio.Event()

        async def search(searcher: int) -> None:
            while not stopping.is_set():
                assert (await app.search("pool", path=tree)).hits
                unanswered.discard(searcher)
                if not unanswered:
                    answered.set()

        async def all_answer() -> None:
            answered.clear()
            unanswered.update(searchers)
            await answered.wait()

        async with asyncio.timeout(120), asyncio.TaskGroup() as tasks:
            for searcher in searchers:
                tasks.create_task(search(searcher))
            for _ in range(3):
                await all_answer()  # a search that is cut off twice may fail
                await asyncio.to_thread(server.stop)
            await all_answer()
            stopping.set()


async def test_a_server_of_ones_own_is_found_again_after_a_restart(home: Path, tree: Path, store_name: str) -> None:
    server = EmbeddedServer(home)
    url = server.ensure_running().url()
    environ = {"CODEBASE_CORE_HOME": str(home), "CODEBASE_CORE_STORE": store_name, "REGISTRY_DATABASE_URL": url}
    async with App(load_settings(environ=environ)) as app:
        await app.index(tree)
        server.stop()
        with pytest.raises(ServerUnavailable, match="cannot reach server") as caught:
            await app.search("pool", path=tree)
        assert caught.value.hint
        server.ensure_running()
        assert (await app.search("pool", path=tree)).hits
        server.stop()
        server.ensure_running()
        assert (await app.search("pool", path=tree)).hits
        server.stop()
        server.ensure_running()
        assert (await app.index(tree)).progress.unchanged == 6
