"""A search imports what it uses, and nothing that takes seconds."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from codebase_core.app import App
from tests.unit.plugins.test_heavy_imports import HEAVY

pytestmark = pytest.mark.any_store


@pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)
async def test_a_search_without_a_reranker_imports_nothing_heavy(
    app: App, environ: Mapping[str, str], tree: Path
) -> None:
    await app.index(tree)
    code = (
        "import sys; from codebase_core.cli.app import main; code = main(sys.argv[1:]); "
        f"print([name for name in {(*HEAVY, 'sqlite3', 'pydantic')} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "search", "--no-rerank", "-C", str(tree), "where are connections pooled"]
    done = await asyncio.to_thread(subprocess.run, command, env=dict(environ), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "pool.py" in done.stdout
    assert done.stderr.splitlines()[-1] == "[]"
