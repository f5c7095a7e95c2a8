"""Environments that hold what was built, and nothing of the checkout; made by uv, but for one."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

UV = (sys.executable, "-m", "uv")


def built(source: Path, out: Path) -> Path:
    """Build a distribution's wheel."""
    _run(sys.executable, "-m", "build", "--wheel", "--installer", "uv", "--outdir", out, source)
    (wheel,) = out.glob("*.whl")
    return wheel


def environment(folder: Path, *packages: object) -> Path:
    """Make an environment, pip included, and return its interpreter."""
    _run(*UV, "venv", "--quiet", "--seed", "--python", sys.executable, folder)
    interpreter = folder / "bin" / "python"
    install(interpreter, *packages)
    return interpreter


def environment_by_pip(folder: Path, *packages: object) -> Path:
    """Make an environment as the README does, some twenty seconds of work, and return its interpreter."""
    venv.create(folder, with_pip=True)
    interpreter = folder / "bin" / "python"
    _run(interpreter, "-m", "pip", "install", "--quiet", *packages)
    return interpreter


def install(interpreter: Path, *packages: object) -> None:
    """Install packages into an environment."""
    _run(*UV, "pip", "install", "--quiet", "--python", interpreter, *packages)


def uninstall(interpreter: Path, package: str) -> None:
    """Take a package out of an environment."""
    _run(*UV, "pip", "uninstall", "--quiet", "--python", interpreter, package)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Path]) -> Path:
    """Return what ``make`` makes in a new folder: the first worker of a run does, the others wait and take it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not (made := lock.read()):
            folder.mkdir()
            made = str(make(folder))
            lock.write(made)
    return Path(made)


def _run(*command: object) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
