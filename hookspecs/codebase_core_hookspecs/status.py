"""What is indexed in a project, as values; ``as_dict`` is what ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .answers import Freshness, JobProgress, ResolvedProject
from .binding import Binding
from .indexing import Manifest
from .retrieval import Statistics

_SHOWN = 10
"""Characters of a commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far a tree has moved from its index: the commits that were indexed and that are checked out, and files that differ."""

    commit: str | None
    head: str | None
    changed: int = 0
    new: int = 0
    deleted: int = 0

    @property
    def files(self) -> int:
        """How many differ in any way."""
        return self.changed + self.new + self.deleted

    def __str__(self) -> str:
        """Say it in a line, as ``behind by 3 files at commit 0a1b2c3d4e (HEAD is 5f60718293)``."""
        files = f"{self.files:,} file{'' if self.files == 1 else 's'}"
        commit = f" at commit {self.commit[:_SHOWN]}" if self.commit else ""
        head = f" (HEAD is {self.head[:_SHOWN]})" if commit and self.head else ""
        return f"behind by {files}{commit}{head}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is indexed in a project, and with what; ``next`` is what a reindex that did not end builds with.

    ``parts`` has the repositories of which only parts were indexed, ``drifts`` those whose trees were compared.
    """

    project: ResolvedProject
    binding: Binding
    statistics: Statistics
    manifest: Manifest
    next: Manifest | None = None
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    drifts: Mapping[str, Drift] = field(default_factory=dict)
    freshness: Freshness | None = None

    @property
    def vectors(self) -> dict[str, int] | None:
        """Vectors that the last run of each repository embedded and reused; None if the embedder's are not kept."""
        counted = [run.detail["vectors"] for run in self.statistics.last_runs.values() if "vectors" in run.detail]
        return {key: sum(run[key] for run in counted) for key in ("embedded", "reused")} if counted else None

    def as_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        binding, statistics, embedder = self.binding, self.statistics, self.manifest.embedder
        return {
            "project": self.project.as_dict(),
            "place": {"store": binding.store, "server": binding.server, **binding.location},
            "embedder": asdict(embedder) if embedder is not None else None,
            "reindex": asdict(self.next.embedder) if self.next is not None and self.next.embedder is not None else None,
            "vectors": self.vectors,
            "files": statistics.files,
            "chunks": statistics.chunks,
            "definitions": statistics.symbols,
            "without_vector": statistics.without_vector,
            "bytes": statistics.bytes_chunked,
            "languages": dict(statistics.languages),
            "skipped": dict(statistics.skipped),
            "repositories": [
                {
                    "name": state.name,
                    "root": state.root,
                    "commit": state.commit,
                    "indexed_at": state.indexed_at.isoformat() if state.indexed_at else None,
                    "running": state.running,
                    "only": list(self.parts[state.name]) if state.name in self.parts else None,
                    "drift": asdict(self.drifts[state.name]) if state.name in self.drifts else None,
                }
                for state in statistics.repositories
            ],
        } | ({"freshness": self.freshness.as_dict()} if self.freshness is not None else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceStatus:
    """What is indexed for a workspace: ``status`` is None before its folder has a project, ``indexing`` its latest job."""

    status: Status | None = None
    freshness: Freshness | None = None
    indexing: JobProgress | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return one object with the status, the freshness and the job."""
        shown: dict[str, Any] = self.status.as_dict() if self.status is not None else {"project": None}
        served = (("freshness", self.freshness), ("indexing", self.indexing))
        return shown | {name: value.as_dict() for name, value in served if value is not None}
