"""The wheel, the example distribution and the kit's libraries in a clean environment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clean import built, environment, once

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "wheel", lambda folder: built(ROOT, folder))


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment for this worker alone: tests install into it."""
    example = once(tmp_path_factory, "example", lambda folder: built(ROOT / "plugins" / "example", folder))
    return environment(tmp_path_factory.mktemp("clean"), f"{wheel}[testing]", example)


@pytest.fixture
def command(python: Path, tmp_path: Path) -> Command:
    """Run a program of the environment in an empty folder, with a home of its own."""

    def run(*words: object, ok: bool = True, **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(python.with_name(str(words[0]))), *map(str, words[1:])],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "CODEBASE_CORE_HOME": str(tmp_path / "home"),
                **environ,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert not ok or done.returncode == 0, done.stdout + done.stderr
        return done

    return run
