"""Vectors that took long to compute, kept on this machine by the hash of what was embedded.

One file for all projects and embedders: a moved file, another branch, a second worktree or a new project of the same source
find them, whatever the store. What goes wrong with it costs the reuse, never the run.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from codebase_core_hookspecs import EmbedderIdentity
    from numpy import float32
    from numpy.typing import NDArray

T = TypeVar("T")

logger = logging.getLogger(__name__)

_WAIT_SECONDS = 10.0
_DAY = 86_400
"""A row's time of use is renewed at most once a day."""

_KEPT = 0.9
"""Of the bound, after pruning: so that not every batch prunes."""

_TABLES = """
CREATE TABLE IF NOT EXISTS vectors (key BLOB NOT NULL PRIMARY KEY, vector BLOB NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS vectors_used ON vectors (used);
"""


class VectorCache:
    """The vectors of one embedder in the file. Any thread, any number of processes."""

    def __init__(self, file: Path, identity: EmbedderIdentity, *, most_bytes: int) -> None:
        self._file = file
        self._identity = repr(identity).encode()
        self._dimensions = identity.dimensions
        self._most_bytes = most_bytes
        self._connection: sqlite3.Connection | None = None
        self._broken = False
        self._lock = threading.Lock()

    def get(self, hashes: Sequence[bytes]) -> Mapping[bytes, NDArray[float32]]:
        """Return float32 ``(d,)`` by hash, of those that are known."""
        return self._tried(lambda connection: self._get(connection, hashes)) or {}

    def put(self, hashes: Sequence[bytes], rows: NDArray[float32]) -> None:
        """Keep rows by hash, and forget what was used longest ago when there is too much."""
        self._tried(lambda connection: self._put(connection, hashes, rows))

    def close(self) -> None:
        """Close the file, after whatever a thread still does with it."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _get(self, connection: sqlite3.Connection, hashes: Sequence[bytes]) -> Mapping[bytes, NDArray[float32]]:
        now = int(time())
        known, stale = {}, []
        for each in hashes:
            key = self._key(each)
            row = connection.execute("SELECT vector, used FROM vectors WHERE key = ?", (key,)).fetchone()
            if row is not None and len(row[0]) == 4 * self._dimensions:
                known[each] = np.frombuffer(row[0], dtype="<f4")
                stale += [(now, key)] if row[1] < now - _DAY else []
        if stale:
            with connection:
                connection.executemany("UPDATE vectors SET used = ? WHERE key = ?", stale)
        return known

    def _put(self, connection: sqlite3.Connection, hashes: Sequence[bytes], rows: NDArray[float32]) -> None:
        now = int(time())
        with connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors (key, vector, used) VALUES (?, ?, ?)",
                [(self._key(each), row.astype("<f4").tobytes(), now) for each, row in zip(hashes, rows, strict=True)],
            )
        self._prune(connection)

    def _prune(self, connection: sqlite3.Connection) -> None:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        used = (pages - free) * size
        if used <= self._most_bytes:
            return
        rows = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
        too_many = int(rows * (1 - _KEPT * self._most_bytes / used)) + 1
        with connection:
            connection.execute(
                "DELETE FROM vectors WHERE key IN (SELECT key FROM vectors ORDER BY used, rowid LIMIT ?)", (too_many,)
            )
        connection.execute("PRAGMA incremental_vacuum").fetchall()

    def _key(self, text_hash: bytes) -> bytes:
        return blake2b(self._identity + text_hash, digest_size=16).digest()

    def _tried(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do work on the file; one that cannot be used is not tried again in this run."""
        with self._lock:
            if self._broken:
                return None
            try:
                if self._connection is None:
                    self._connection = self._opened()
                return work(self._connection)
            except (sqlite3.Error, OSError) as exc:
                logger.warning("vectors are not reused, %s cannot be used: %s", self._file, exc)
                self._broken = True
                return None

    def _opened(self) -> sqlite3.Connection:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._connected()
        except sqlite3.OperationalError:  # locked, or no room: another time it is of use
            raise
        except sqlite3.DatabaseError as exc:
            logger.warning("%s is damaged and begun anew: %s", self._file, exc)
            for suffix in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(f"{self._file}{suffix}").unlink()
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))  # vectors tell about texts
        connection = sqlite3.connect(self._file, timeout=_WAIT_SECONDS, check_same_thread=False)
        try:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_TABLES)
        except BaseException:
            connection.close()
            raise
        return connection
