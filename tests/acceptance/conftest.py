"""The installed command, as a user runs it, with a state folder and an embedded server of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

COMMAND = str(Path(sys.executable).with_name("codebase-core"))


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody at a shell in a folder."""

    home: Path
    cwd: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "USER") if name in os.environ}
        return {**kept, "CODEBASE_CORE_HOME": str(self.home), **self.extra}

    def run(self, *arguments: str, stdin: str | None = None, prefix: Sequence[str] = ()) -> Done:
        done = subprocess.run(
            [*prefix, COMMAND, *arguments],
            env=self.environ,
            cwd=self.cwd,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Done(code=done.returncode, out=done.stdout, err=done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environ,
            cwd=self.cwd,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A state folder whose embedded server is stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cba-"))
    user = User(home=folder, cwd=folder)
    yield folder
    data = user.run("server", "status", "--json").json["data_dir"]
    user.run("server", "stop")
    shutil.rmtree(Path(data).parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def user(home: Path, tmp_path: Path) -> User:
    """A user in a small repository."""
    root = tmp_path / "shop"
    (root / "cart").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "pool.py").write_text(
        '"""Database connections are pooled here."""\n\n\nclass ConnectionPool:\n    size = 5\n'
    )
    (root / "cart" / "price.py").write_text("def total_price(items):\n    return sum(item.price for item in items)\n")
    (root / "cart" / "checkout.js").write_text(
        "export function submitOrder(cart) {\n  return post('/orders', cart);\n}\n"
    )
    return User(home=home, cwd=root)
