"""One server over one index for all tests of a worker; a test that changes anything starts its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import httpx
import pytest
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App
from codebase_core.config.settings import load_settings
from tests.integration.conftest import FILES, Cluster, running_cluster

COMMAND = (sys.executable, "-m", "codebase_core", "serve")

MORE = {
    "web/page.html": "<script>alert('code is text')</script>\n<h1>Title</h1>\n",
    "tests/test_pool.py": "from pool import ConnectionPool\n\n\ndef test_acquire():\n    assert ConnectionPool().acquire()\n",
    "deep/ünïcode name.py": "def with_spaces():\n    return '<b>&amp;</b>'\n",
}
SECOND = {
    "client.go": "package client\n\n// Borrow takes a connection from the ConnectionPool.\nfunc Borrow() int {\n\treturn 1\n}\n"
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server."""

    url: str
    token: str
    process: subprocess.Popen[bytes]

    def client(self, *, token: str | None = None, **choices: object) -> httpx.Client:
        """Return a client with a token, by default the owner's."""
        headers = {"authorization": f"Bearer {self.token if token is None else token}"}
        # Without certificates, which take a tenth of a second to read: nothing here is encrypted.
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=False, **choices)  # type: ignore[arg-type]


@contextmanager
def serving(environ: Mapping[str, str], *arguments: str) -> Iterator[Served]:
    """Start a server on any port."""
    errors = Path(environ["HOME"], f"server-{uuid4().hex[:8]}.log")
    with errors.open("w") as said:
        process = subprocess.Popen([*COMMAND, "--port", "0", *arguments], env=dict(environ), stderr=said)
    try:
        deadline = monotonic() + 60
        while " (token in " not in errors.read_text():
            assert process.poll() is None, errors.read_text()
            assert monotonic() < deadline, errors.read_text()
            sleep(0.05)
        token = Path(environ["CODEBASE_CORE_HOME"], "http-token").read_text().strip()
        url = errors.read_text().partition("login?")[0].partition(" (token")[0]
        yield Served(url=url, token=token, process=process)
    finally:
        process.terminate()
        assert process.wait(60) == 0, errors.read_text()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server of their own: projects and connections that last for all of them would be in the way of who counts them."""
    with running_cluster() as running:
        yield running


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A registry and a state folder with two indexed projects, ``example`` and ``lending``, and an empty one, ``tagged``."""

    environ: Mapping[str, str]
    root: Path


@contextmanager
def indexed(cluster: Cluster, folder: Path, embedder: Mapping[str, str]) -> Iterator[Place]:
    """Index two small projects into a registry of their own."""
    database = f"test_{uuid4().hex[:12]}"
    before = asyncio.run(_databases(cluster, create=database))
    environ = {
        "CODEBASE_CORE_HOME": str(folder / "home"),
        "REGISTRY_DATABASE_URL": cluster.url(database),
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "CODEBASE_CORE_RERANKER": "none",
        **embedder,
    }
    for name, files in (("example", FILES | MORE), ("lending", SECOND)):
        for path, text in files.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(text)
    asyncio.run(_index(environ, folder / "example", folder / "lending"))
    try:
        yield Place(environ=environ, root=folder)
    finally:
        asyncio.run(_drop(cluster, before - {database}))


@pytest.fixture(scope="session")
def place(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, tested_embedder: Mapping[str, str]
) -> Iterator[Place]:
    with indexed(cluster, tmp_path_factory.mktemp("served"), tested_embedder) as place:
        yield place


@pytest.fixture(scope="session")
def served(place: Place) -> Iterator[Served]:
    """The server; whoever uses it leaves it as it was."""
    with serving(place.environ) as served:
        yield served


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client


async def _index(environ: Mapping[str, str], *roots: Path) -> None:
    async with App(load_settings(environ=environ)) as app:
        for root in roots:
            await app.index(root)
        await app.create("tagged", tags=["team-blue"])


async def _databases(cluster: Cluster, *, create: str) -> set[str]:
    connection = await cluster.connect()
    await connection.execute(f"CREATE DATABASE {quote(create)}")
    found = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    await connection.close()
    return found


async def _drop(cluster: Cluster, kept: set[str]) -> None:
    connection = await cluster.connect()
    for row in await connection.fetch("SELECT datname FROM pg_database WHERE datname NOT LIKE 'template%'"):
        if row["datname"] not in kept:
            await connection.execute(f"DROP DATABASE IF EXISTS {quote(row['datname'])} WITH (FORCE)")
    await connection.close()
