"""Rows of files as the values of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from codebase_core_hookspecs import FileState

if TYPE_CHECKING:
    import asyncpg


_IDENTITY = 3
"""The format since which a project's tables say which file was read, and in which encoding."""


def state_columns(format_version: int) -> LiteralString:
    """Return what a statement selects from ``code_files AS f`` for ``file_state``, in tables of this format."""
    known: LiteralString = "f.path, f.size, f.mtime_ns, f.content_hash, f.pipeline, f.skip_reason, f.fallback"
    if format_version < _IDENTITY:
        return known + ", NULL AS encoding, 0 AS inode, 0 AS ctime_ns"
    return known + ", f.encoding, f.inode, f.ctime_ns"


def is_read_otherwise(format_version: int) -> LiteralString:
    """Return the condition for a file that was not read as UTF-8."""
    return "f.encoding IS NOT NULL" if format_version >= _IDENTITY else "false"


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
        encoding=row["encoding"],
        inode=row["inode"],
        ctime_ns=row["ctime_ns"],
    )
