"""Rows as values of the contract."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from codebase_core_hookspecs import FileState, RepositoryState, Run, Span, Symbol

from .lease import is_held

FILE = "f.path, f.size, f.mtime_ns, f.content_hash, f.pipeline, f.skipped, f.fallback, f.encoding, f.inode, f.ctime_ns"
RUN = "SELECT n.*, r.name FROM runs AS n JOIN repositories AS r ON r.id = n.repository"


def file_state(row: sqlite3.Row) -> FileState:
    """Return the state of a file."""
    return FileState(**{name: row[name] for name in FileState.__slots__})


def span(row: sqlite3.Row) -> Span:
    """Return the place of a chunk."""
    return Span(**{name: row[name] for name in Span._fields})


def symbol(row: sqlite3.Row) -> Symbol:
    """Return a definition."""
    return Symbol(
        name=row["name"],
        kind=row["kind"],
        qualified_name=row["qualified_name"],
        line=row["line"],
        end_line=row["end_line"],
        local=bool(row["local"]),
        weak=bool(row["weak"]),
    )


def symbols(connection: sqlite3.Connection, chunks: Iterable[int]) -> Mapping[int, tuple[Symbol, ...]]:
    """Return the definitions of chunks."""
    found: dict[int, list[Symbol]] = defaultdict(list)
    for chunk in chunks:
        for row in connection.execute("SELECT * FROM symbols WHERE chunk = ? ORDER BY ordinal", (chunk,)):
            found[chunk].append(symbol(row))
    return {chunk: tuple(each) for chunk, each in found.items()}


def run(row: sqlite3.Row) -> Run:
    """Return a run as it is recorded."""
    return Run(
        id=row["id"],
        repository=row["name"],
        scope=tuple(json.loads(row["scope"])),
        commit=row["commit_id"],
        holder=row["holder"],
        started_at=datetime.fromisoformat(row["started_at"]),
        finished_at=datetime.fromisoformat(row["finished_at"]) if row["finished_at"] else None,
        outcome=row["outcome"],
        detail=json.loads(row["detail"]),
    )


def runs(connection: sqlite3.Connection, file: Path, *, limit: int) -> list[Run]:
    """Return the latest runs; one that says it is running while nobody writes has died."""
    found = [run(row) for row in connection.execute(f"{RUN} ORDER BY n.id DESC LIMIT ?", (limit,))]
    if any(each.outcome == "running" for each in found) and not is_held(file):
        return [_interrupted(each) for each in found]
    return found


def _interrupted(found: Run) -> Run:
    if found.outcome != "running":
        return found
    return replace(found, outcome="interrupted", finished_at=found.started_at)


def repositories(connection: sqlite3.Connection, file: Path) -> dict[str, RepositoryState]:
    """Return the repositories by name, each with whether it is being indexed now."""
    running = {each.repository for each in runs(connection, file, limit=1) if each.outcome == "running"}
    return {
        row["name"]: RepositoryState(
            name=row["name"],
            identity=row["identity"],
            root=row["root"],
            machine=UUID(row["machine"]),
            commit=row["commit_id"],
            indexed_at=datetime.fromisoformat(row["indexed_at"]) if row["indexed_at"] else None,
            running=row["name"] in running,
        )
        for row in connection.execute("SELECT * FROM repositories ORDER BY name")
    }
