"""Rows of files as the values of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_hookspecs import FileState

if TYPE_CHECKING:
    import asyncpg


def file_state(row: asyncpg.Record) -> FileState:
    """Return what the index knows of a file."""
    return FileState(
        path=row["path"],
        size=row["size"],
        mtime_ns=row["mtime_ns"],
        content_hash=row["content_hash"],
        pipeline=row["pipeline"],
        skipped=row["skip_reason"],
        fallback=row["fallback"],
    )
