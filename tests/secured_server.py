"""A PostgreSQL as a team runs it: over TCP, with passwords, and roles that may do little."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from codebase_core_postgres.embedded import EmbeddedServer, Endpoint
from codebase_core_postgres.sql.identifiers import quote

ADMIN = "postgres"
PASSWORD = "s3cr3t-Pa55"  # the same for every role, so that a test can look for it
_ACCESS = "local all all peer map=codebase_core\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuredServer:
    """A running server; the administrator connects over its private socket."""

    endpoint: Endpoint
    port: int

    def url(self, role: str, database: str, *, password: str = PASSWORD, port: int | None = None) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{port or self.port}/{database}"

    async def run(self, sql: str, *, database: str = "postgres") -> None:
        """Run statements as administrator; a line ``\\c NAME`` changes the database as in psql."""
        for statement in sql.splitlines():
            if statement.startswith("\\c "):
                database = statement.removeprefix("\\c ").strip('"')
                continue
            connection = await asyncpg.connect(self.endpoint.url(database))
            try:
                await connection.execute(statement)
            finally:
                await connection.close(timeout=5)

    async def role(self, name: str, options: str = "") -> None:
        await self.run(f"CREATE ROLE {quote(name)} LOGIN PASSWORD '{PASSWORD}' {options}")


@contextmanager
def secured_server() -> Iterator[SecuredServer]:
    """Start a server; it is the embedded one with settings of our own."""
    home = Path(tempfile.mkdtemp(prefix="cbs-"))
    server = EmbeddedServer(home)
    endpoint = server.ensure_running()
    area = server.status().data_dir.parent
    try:
        server.stop()
        port = free_port()
        access = area / "pg_hba.conf"
        own = area / "data_hba.conf"
        shutil.copy(access, own)
        shutil.chown(own, *_owner(access))
        own.chmod(0o640)
        own.write_text(_ACCESS)
        local = area / "local.conf"
        local.write_text(f"listen_addresses = '127.0.0.1'\nport = {port}\nhba_file = '{own}'\n")
        shutil.chown(local, *_owner(access))
        local.chmod(0o640)
        endpoint = server.ensure_running()
        yield SecuredServer(endpoint=endpoint, port=port)
    finally:
        server.stop()
        shutil.rmtree(area, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _owner(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_uid, found.st_gid
