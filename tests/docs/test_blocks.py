"""Every shell and python block that can run, runs, in the order of its page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    yield folder
    subprocess.run([_command(), "server", "stop"], env=_environ(folder), check=True, capture_output=True)


def _command() -> str:
    return str(Path(sys.executable).with_name("codebase-core"))


def _environ(home: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CODEBASE_CORE_")}
    return kept | {"CODEBASE_CORE_HOME": str(home), "PATH": path}


@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(page.read_text())], ids=lambda page: page.stem)
def test_blocks_run(page: Path, home: Path, tmp_path: Path) -> None:
    repository = tmp_path / page.stem
    shutil.copytree(ROOT / "codebase_core", repository / "codebase_core")
    (repository / "pool.py").write_text("class Pool:\n    def acquire(self):\n        return self.idle.pop()\n")
    run = {"cwd": repository, "env": _environ(home), "text": True, "capture_output": True}
    subprocess.run([_command(), "index"], check=True, **run)
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            commands = [[sys.executable, "-c", block]]
        else:
            lines = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
            commands = [["bash", "-euo", "pipefail", "-c", line] for line in lines]
        for command in commands:
            done = subprocess.run(command, check=False, **run)
            assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
            assert done.stdout, command[-1]
