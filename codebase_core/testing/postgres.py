"""A PostgreSQL with pgvector for the tests of a plugin, and a fresh database for each of them. Loaded by pytest."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

TEMPLATE = "codebase_core_test_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server of this session; it ends with the session, and nothing of it stays."""
    home = Path(tempfile.mkdtemp(prefix="cbc-"))
    try:
        yield _command("start", home=home).strip()
    finally:
        data = Path(json.loads(_command("status", "--json", home=home))["data_dir"])
        _command("stop", home=home)
        shutil.rmtree(data.parent, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of the database that every test gets a copy of; override it to fill it once."""
    asyncio.run(_execute(postgres_server, f'CREATE DATABASE "{TEMPLATE}"'))
    return TEMPLATE


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of a database of this test's own."""
    name = f"test_{uuid4().hex}"
    asyncio.run(_execute(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"'))
    yield url_of(postgres_server, name)
    asyncio.run(_execute(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)'))


def url_of(server: str, database: str) -> str:
    """Return the URL of another database of a server."""
    address, _, query = server.partition("?")
    return f"{address.rpartition('/')[0]}/{database}?{query}"


async def _execute(url: str, statement: str) -> None:
    import asyncpg  # noqa: PLC0415 - only for those who use it

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _command(*words: str, home: Path) -> str:
    environ = {**os.environ, "CODEBASE_CORE_HOME": str(home)}
    command = [sys.executable, "-m", "codebase_core", "--no-plugins", "server", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
