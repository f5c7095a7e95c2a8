"""What is indexed in a project, as values; ``as_dict`` is what ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .answers import Freshness, JobProgress, ResolvedProject
    from .binding import Binding
    from .indexing import Manifest
    from .retrieval import Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is indexed in a project, and with what; ``next`` is what a reindex that did not end builds with.

    ``parts`` has the repositories of which only parts were indexed.
    """

    project: ResolvedProject
    binding: Binding
    statistics: Statistics
    manifest: Manifest
    next: Manifest | None = None
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)

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
                }
                for state in statistics.repositories
            ],
        }


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
