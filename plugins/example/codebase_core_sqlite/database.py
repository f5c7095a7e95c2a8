"""A file, its connections, and what goes wrong with it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from codebase_core_hookspecs import NotProvisioned, ServerBusy, StorageFull

T = TypeVar("T")

BUSY_SECONDS = 30.0


@contextmanager
def connected(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file for one question: it costs 0.1 ms, and nothing is left over, whatever becomes of the question."""
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    except sqlite3.OperationalError as exc:
        raise missing(file) from exc
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection
    except sqlite3.OperationalError as exc:
        raise translated(exc, file) from exc
    finally:
        connection.close()


@contextmanager
def snapshot(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to read: all that is asked within the block is of one state."""
    with connected(file) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def transaction(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to write: all of the block is stored, or nothing when it raises."""
    with connected(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")


async def in_thread(work: Callable[[], T]) -> T:
    """Run work in a thread. Who is cancelled waits for its end: afterwards it is done or not, and nothing is going on."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # seen
        raise


def translated(exc: sqlite3.OperationalError, file: Path) -> Exception:
    """Return the contract's error for one of SQLite's, itself if there is none."""
    match exc.sqlite_errorcode & 0xFF if hasattr(exc, "sqlite_errorcode") else None:
        case sqlite3.SQLITE_FULL:
            return StorageFull(
                f"no space is left for {file}", hint="make room and run it again: what was stored is kept"
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ServerBusy(f"{file} is locked by another process", hint="run it again when that has ended")
        case sqlite3.SQLITE_CANTOPEN:
            return missing(file)
    return exc


def missing(file: Path) -> NotProvisioned:
    """Return the error for a file that is not there."""
    return NotProvisioned(f"{file} does not exist or cannot be opened", hint="codebase-core projects repair")
