"""The tutorial, word for word, in a clean environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.clean import environment
from tests.docs.following import ROOT, follow


@pytest.fixture
def environ(wheel: Path, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """An environment with the wheel and nothing else, and a home of its own."""
    interpreter = environment(tmp_path / "environment", wheel)
    path = f"{interpreter.parent}{os.pathsep}{os.environ['PATH']}"
    environ = {"PATH": path, "HOME": str(tmp_path), "CODEBASE_CORE_HOME": str(tmp_path / "home")}
    yield environ
    server = [str(interpreter.with_name("codebase-core")), "server"]
    status = subprocess.run([*server, "status", "--json"], env=environ, capture_output=True, text=True, check=True)
    subprocess.run([*server, "stop"], env=environ, capture_output=True, check=True)
    shutil.rmtree(Path(json.loads(status.stdout)["data_dir"]).parent, ignore_errors=True)


def test_a_first_plugin(environ: Mapping[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    follow(ROOT / "docs" / "authors" / "first-plugin.md", folder, environ, literally=True)
