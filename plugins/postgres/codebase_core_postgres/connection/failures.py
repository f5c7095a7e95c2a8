"""Turn what the driver and the server raise into the contract's errors: once, here."""

from __future__ import annotations

import asyncio
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
"""All that the driver raises when server, connection or statement fails."""


@contextmanager
def translated(server: str, where: str) -> Iterator[None]:
    """Raise the contract's error for a driver's; ``server`` is its name, ``where`` host, port, user, database: no password."""
    try:
        yield
    except CodebaseCoreError:
        raise
    except DRIVER as exc:
        raise translate(exc, server=server, where=where) from exc


def translate(exc: BaseException, *, server: str, where: str) -> CodebaseCoreError:  # noqa: C901, PLR0911 - a table
    """Return the contract's error for one of the driver's."""
    text = str(exc) or type(exc).__name__
    match exc:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            hint = f"check user and password of server {server!r} (settings, ~/.pgpass or PGPASSWORD)"
            return ServerUnavailable(f"{where} refuses the login: {text}", hint=hint)
        case asyncpg.TooManyConnectionsError():
            return ServerBusy(
                f"{where} has no free connection: {text}", hint="lower POOL_MAX_SIZE or raise max_connections"
            )
        case asyncpg.InvalidCatalogNameError() | asyncpg.UndefinedTableError() | asyncpg.InvalidSchemaNameError():
            hint = "codebase-core doctor says what is missing, codebase-core projects repair mends it"
            return NotProvisioned(f"{where}: {text}", hint=hint)
        case asyncpg.DiskFullError() | asyncpg.ConfigurationLimitExceededError():
            return StorageFull(
                f"{where}: {text}", hint="free some space on the server's disk and run the command again"
            )
        case asyncpg.OutOfMemoryError():
            return StorageFull(
                f"{where} is out of memory: {text}", hint="give the server more memory and run the command again"
            )
        case asyncpg.InsufficientPrivilegeError() | asyncpg.ReadOnlySQLTransactionError():
            return ProvisionError(
                f"{where}: {text}", hint="codebase-core doctor --sql prints what an administrator must run"
            )
        case asyncpg.CannotConnectNowError() | asyncpg.AdminShutdownError() | asyncpg.CrashShutdownError():
            return ServerUnavailable(f"{where} is starting up or shutting down: {text}", hint="try again in a moment")
        case asyncpg.PostgresConnectionError() | asyncpg.InternalClientError():
            return _lost(where, server)
        case asyncpg.InterfaceError() if "closed" in text:
            return _lost(where, server)
        case asyncpg.PostgresError():
            return CodebaseCoreError(
                f"{where}: {text} (SQLSTATE {exc.sqlstate})", hint="run it again with --debug and report it"
            )
        case TimeoutError():
            return ServerUnavailable(
                f"{where} does not answer", hint=f"check that server {server!r} runs and can be reached"
            )
        case _:
            return ServerUnavailable(
                f"cannot reach {where}: {text}", hint=f"check that server {server!r} runs: codebase-core doctor"
            )


def _lost(where: str, server: str) -> ServerUnavailable:
    hint = f"check that server {server!r} runs, then run the command again"
    return ServerUnavailable(f"{where} closed the connection", hint=hint)
