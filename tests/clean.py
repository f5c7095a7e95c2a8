"""Environments that hold what was built, and nothing of the checkout."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path


def built(source: Path, out: Path) -> Path:
    """Build a distribution's wheel."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", out, source], check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    return wheel


def environment(folder: Path, *packages: object) -> Path:
    """Make an environment and return its interpreter."""
    venv.create(folder, with_pip=True)
    interpreter = folder / "bin" / "python"
    install(interpreter, *packages)
    return interpreter


def install(interpreter: Path, *packages: object) -> None:
    """Install packages into an environment."""
    command = [str(interpreter), "-m", "pip", "install", "--quiet", *map(str, packages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
