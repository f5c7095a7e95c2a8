"""The synchronous application: in a script, inside a running loop, from several threads."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest

from codebase_core import CodebaseCoreError, SearchRequest, load_settings
from codebase_core.sync import App

pytestmark = pytest.mark.any_store


def test_the_same_answers_everywhere(environ: Mapping[str, str], tree: Path) -> None:
    with App(load_settings(environ=environ)) as app:
        assert app.index(tree).progress.indexed > 0
        request = SearchRequest("where are connections pooled", path=tree)
        (first, *_) = app.search(request).hits

        async def cell() -> str:
            return app.search(request).hits[0].path

        assert asyncio.run(cell()) == first.path
        with ThreadPoolExecutor(4) as threads:
            assert {answer.hits[0].path for answer in threads.map(app.search, [request] * 8)} == {first.path}
        project = app.find("example")
        assert app.projects().describe(project, description="Shown").description == "Shown"
        with pytest.raises(CodebaseCoreError):
            app.search("pool", project="nobody")
    assert "codebase-core" not in {thread.name for thread in threading.enumerate()}


def test_ctrl_c_cancels_the_call_and_the_application_goes_on(environ: Mapping[str, str], tree: Path) -> None:
    with App(load_settings(environ=environ)) as app:
        app.index(tree)
        cancelled = threading.Event()

        async def endless() -> None:
            asyncio.get_running_loop().call_later(0.2, os.kill, os.getpid(), signal.SIGINT)
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()

        began = monotonic()
        with pytest.raises(KeyboardInterrupt):
            app.run(endless())
        assert cancelled.wait(10)
        assert monotonic() - began < 10
        assert app.search("pool", path=tree).hits
