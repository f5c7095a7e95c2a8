"""A PostgreSQL that is installed on this machine, started in a folder of its own; it needs pgvector."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codebase_core_postgres.embedded import Endpoint

from .in_memory import new_folder

_PORT = 5432
_USER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "work_mem": "16MB",
    "jit": "off",
    "fsync": "off",
    "timezone": "UTC",
}


@contextmanager
def serving(programs: Path) -> Iterator[Endpoint]:
    """Run the server whose programs are in this folder, as account ``postgres`` where the tests run as root."""
    base = new_folder()
    try:
        account = pwd.getpwnam(_USER) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        os.chown(base, account.pw_uid, account.pw_gid)
        data = base / "data"

        def run(program: str, *arguments: object) -> None:
            command = [str(programs / program), "-D", str(data), *map(str, arguments)]
            subprocess.run(
                command, user=account.pw_uid, group=account.pw_gid, cwd=base, check=True, capture_output=True
            )

        run("initdb", "--username", _USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        settings = _SETTINGS | {"unix_socket_directories": str(base), "port": str(_PORT)}
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        run("pg_ctl", "start", "--wait", "--log", base / "log")
        try:
            yield Endpoint(socket_dir=base, port=_PORT, user=_USER)
        finally:
            run("pg_ctl", "stop", "--mode", "immediate")
    finally:
        shutil.rmtree(base)
