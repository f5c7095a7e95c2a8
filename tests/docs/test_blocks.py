"""Every shell and python block that can run, runs, in the order of its page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .following import PAGES, ROOT, blocks, follow

ELSEWHERE = {"first-plugin"}
"""It installs packages: tests/third_party follows it in a clean environment."""

UNFIT = {"README": 2, "agents": 2, "publishing": 1, "server": 4}
"""Blocks in ``bash`` or ``sh``, which are not run here: installation, all checks, what a server waits for, an upload."""


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


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.stem not in ELSEWHERE and any(block.runs for block in blocks(page))],
    ids=lambda page: page.stem,
)
def test_blocks_run(page: Path, home: Path, tmp_path: Path) -> None:
    repository = tmp_path / page.stem
    shutil.copytree(ROOT / "codebase_core", repository / "codebase_core")
    (repository / "pool.py").write_text("class Pool:\n    def acquire(self):\n        return self.idle.pop()\n")
    for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "first")):
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", "-C", repository, *who, *words], check=True, capture_output=True)
    subprocess.run([_command(), "index"], check=True, cwd=repository, env=_environ(home), capture_output=True)
    follow(page, repository, _environ(home))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_block_escapes(page: Path) -> None:
    """A block in another language is no program, or is known not to be run."""
    languages = [block.language for block in blocks(page)]
    assert set(languages) <= {
        "",
        "bash",
        "console",
        "json",
        "jsonc",
        "python",
        "sh",
        "sql",
        "text",
        "toml",
        "{toctree}",
    }
    assert languages.count("bash") + languages.count("sh") == UNFIT.get(page.stem, 0)
