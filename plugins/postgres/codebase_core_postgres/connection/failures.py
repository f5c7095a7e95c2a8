"""Turn what the driver and the server raise into the contract's errors: once, here."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from codebase_core_hookspecs import (
    CodebaseCoreError,
    NotProvisioned,
    ProvisionError,
    ServerBusy,
    ServerUnavailable,
    StorageFull,
)

LOST = (
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.ConnectionFailureError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
    FileNotFoundError,  # the Unix socket of a server that was stopped
)
"""The connection is gone; the same work on a new one may succeed."""

DRIVER = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    asyncio.IncompleteReadError,
)
"""All that asyncpg raises when server, connection or statement fails."""


def driver_errors() -> tuple[type[Exception], ...]:
    """Return what either driver raises; psycopg's only where it is loaded."""
    psycopg = sys.modules.get("psycopg")
    return (*DRIVER, psycopg.Error) if psycopg is not None else DRIVER


@contextmanager
def translated(server: str, where: str) -> Iterator[None]:
    """Raise the contract's error for a driver's; ``server`` is its name, ``where`` host, port, user, database: no password."""
    try:
        yield
    except CodebaseCoreError:
        raise
    except driver_errors() as exc:
        raise translate(exc, server=server, where=where) from exc


def translate(exc: BaseException, *, server: str, where: str) -> CodebaseCoreError:  # noqa: PLR0911 - a table
    """Return the contract's error for one of a driver's, told by its SQLSTATE where it has one."""
    text = str(exc) or type(exc).__name__
    sqlstate: str | None = getattr(exc, "sqlstate", None)
    match sqlstate:
        case "28P01" | "28000":
            hint = f"check user and password of server {server!r} (settings, ~/.pgpass or PGPASSWORD)"
            return ServerUnavailable(f"{where} refuses the login: {text}", hint=hint)
        case "53300":  # too_many_connections
            return ServerBusy(
                f"{where} has no free connection: {text}", hint="lower POOL_MAX_SIZE or raise max_connections"
            )
        case "3D000" | "42P01" | "3F000":  # no such database, table, schema
            hint = "codebase-core doctor says what is missing, codebase-core projects repair fixes it"
            return NotProvisioned(f"{where}: {text}", hint=hint)
        case "53100" | "53400":  # disk_full, configuration_limit_exceeded
            return StorageFull(
                f"{where}: {text}", hint="free some space on the server's disk and run the command again"
            )
        case "53200":  # out_of_memory
            return StorageFull(
                f"{where} is out of memory: {text}", hint="give the server more memory and run the command again"
            )
        case "42501" | "25006":  # insufficient_privilege, read_only_sql_transaction
            return ProvisionError(
                f"{where}: {text}", hint="codebase-core doctor --sql prints what an administrator must run"
            )
        case "57P01" | "57P02" | "57P03":  # shutdowns, cannot_connect_now
            return ServerUnavailable(f"{where} is starting up or shutting down: {text}", hint="try again in a moment")
        case str() if not sqlstate.startswith("08"):  # connection exceptions
            return CodebaseCoreError(
                f"{where}: {text} (SQLSTATE {sqlstate})", hint="run it again with --debug and report it"
            )
        case str():
            return _lost(where, server)
    return _without_sqlstate(exc, text, server=server, where=where)


def _without_sqlstate(exc: BaseException, text: str, *, server: str, where: str) -> CodebaseCoreError:
    if isinstance(exc, asyncpg.InternalClientError) or (not isinstance(exc, OSError) and "closed" in text):
        return _lost(where, server)
    if isinstance(exc, TimeoutError):
        return ServerUnavailable(
            f"{where} does not answer", hint=f"check that server {server!r} runs and can be reached"
        )
    return ServerUnavailable(
        f"cannot reach {where}: {text}", hint=f"check that server {server!r} runs: codebase-core doctor"
    )


def _lost(where: str, server: str) -> ServerUnavailable:
    hint = f"check that server {server!r} runs, then run the command again"
    return ServerUnavailable(f"{where} closed the connection", hint=hint)
