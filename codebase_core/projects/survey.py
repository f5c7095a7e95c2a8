"""What all projects hold together, and which of them are stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core.errors import CodebaseCoreError

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project, ProjectStore, Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """One live project: what it holds, why it is stale, or why nobody can say."""

    project: Project
    files: int = 0
    chunks: int = 0
    bytes_chunked: int = 0
    bytes_stored: int = 0
    indexed_at: datetime | None = None
    stale: str | None = None
    problem: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "name": self.project.name,
            "id": str(self.project.id),
            "status": self.project.status,
            "files": self.files,
            "chunks": self.chunks,
            "bytes": self.bytes_chunked,
            "bytes_stored": self.bytes_stored,
            "indexed_at": self.indexed_at.isoformat() if self.indexed_at else None,
            "stale": self.stale,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All projects: live ones by status, deleted ones, and what each live one holds."""

    statuses: Mapping[str, int]
    deleted: int
    projects: Sequence[Surveyed]

    def as_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        totals = {
            key: sum(getattr(each, key) for each in self.projects)
            for key in ("files", "chunks", "bytes_chunked", "bytes_stored")
        }
        return {
            "statuses": dict(self.statuses),
            "deleted": self.deleted,
            "files": totals["files"],
            "chunks": totals["chunks"],
            "bytes": totals["bytes_chunked"],
            "bytes_stored": totals["bytes_stored"],
            "projects": [each.as_dict() for each in self.projects],
        }


async def survey(
    live: Sequence[Project],
    deleted: Sequence[Project],
    *,
    open_project: Callable[[Project], Awaitable[ProjectStore]],
    machine: UUID,
    days: float,
) -> Survey:
    """Look into every live project, one after the other: a server has few connections for many projects."""
    return Survey(
        statuses=dict(sorted(Counter(project.status for project in live).items())),
        deleted=len(deleted),
        projects=[await _surveyed(each, open_project, machine=machine, days=days) for each in live],
    )


async def _surveyed(
    project: Project, open_project: Callable[[Project], Awaitable[ProjectStore]], *, machine: UUID, days: float
) -> Surveyed:
    try:
        statistics = await (await open_project(project)).statistics()
    except CodebaseCoreError as exc:
        return Surveyed(project=project, problem=exc.message)
    times = [each.indexed_at for each in statistics.repositories if each.indexed_at is not None]
    indexed_at = min(times) if times and len(times) == len(statistics.repositories) else None
    return Surveyed(
        project=project,
        files=statistics.files,
        chunks=statistics.chunks,
        bytes_chunked=statistics.bytes_chunked,
        bytes_stored=statistics.bytes_stored,
        indexed_at=indexed_at,
        stale=_stale(statistics, indexed_at, machine=machine, days=days),
    )


def _stale(statistics: Statistics, indexed_at: datetime | None, *, machine: UUID, days: float) -> str | None:
    """Say why an index may be out of date; roots on other machines cannot be looked at."""
    gone = [r.root for r in statistics.repositories if r.machine == machine and not Path(r.root).exists()]
    if gone:
        return f"root gone: {', '.join(gone)}"
    if indexed_at is None:
        return "never indexed completely"
    age = datetime.now(UTC) - indexed_at
    return f"not indexed for {age.days} days" if age > timedelta(days=days) else None
