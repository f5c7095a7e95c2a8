"""The server's settings and who may connect, written anew at every start."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .folders import write_file
from .layout import PORT

if TYPE_CHECKING:
    from .account import Account
    from .layout import Layout

_SHARED_MEMORY_FLOOR = 1 << 30  # bytes; a container's /dev/shm has 64 MB, and a parallel index build wants more

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "cluster_name": "codebase-core",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "jit": "off",
    # Nobody replicates this server: the least WAL, and no process that waits for replicas.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "off",  # the build has pglz only: inserts took four times as long with it
    "timezone": "UTC",
    # A week of files; the text of statements, their parameters and details (rows) stay out of them.
    "logging_collector": "on",
    "log_filename": "server-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def write_configuration(layout: Layout, *, socket_dir: Path, runner: Account, client: Account) -> None:
    """Write ``postgresql.conf``, ``pg_hba.conf`` and ``pg_ident.conf`` into the area, readable to ``runner``.

    ``client`` may connect as any role, by peer authentication over the socket; nobody else, and nothing over TCP.
    ``local.conf`` beside them, if there is one, overrides the settings.
    """
    access, names = layout.area / "pg_hba.conf", layout.area / "pg_ident.conf"
    settings = _SETTINGS | {
        "unix_socket_directories": '"{}"'.format(str(socket_dir).replace('"', '""')),  # a list: commas count
        "log_directory": str(layout.log),
        "hba_file": str(access),
        "ident_file": str(names),
        "dynamic_shared_memory_type": _shared_memory(),
    }
    lines = [f"# The server of {str(layout.home)!r}. Written at every start; settings of your own go into local.conf."]
    lines += [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    lines += ["include 'local.conf'"] if (layout.area / "local.conf").exists() else []
    write_file(layout.configuration, "\n".join([*lines, ""]), reader=runner)
    write_file(access, "local all all peer map=codebase_core\n", reader=runner)
    write_file(names, f'codebase_core "{client.name}" all\n', reader=runner)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{escaped}'"


def _shared_memory() -> str:
    if sys.platform != "linux":
        return "posix"
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108 - only its size
    except OSError:
        return "sysv"
    return "posix" if found.f_frsize * found.f_blocks >= _SHARED_MEMORY_FLOOR else "sysv"
