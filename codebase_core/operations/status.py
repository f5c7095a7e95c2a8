"""What is indexed in a project, and how fresh it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from codebase_core.indexing.scopes import indexed_parts
from codebase_core.projects.generations import retry_on_generation_change

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from codebase_core_hookspecs import Manifest, Project, Statistics

    from codebase_core.engine import Engine
    from codebase_core.projects.resolution import Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is indexed in a project, and how fresh it is; ``next`` is what a reindex that did not end builds with.

    ``parts`` has the repositories of which only parts were indexed.
    """

    resolution: Resolution
    statistics: Statistics
    manifest: Manifest
    next: Manifest | None = None
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def vectors(self) -> dict[str, int] | None:
        """Vectors that the last run of each repository embedded and reused; None for a cheap embedder."""
        counted = [run.detail["vectors"] for run in self.statistics.last_runs.values() if "vectors" in run.detail]
        return {key: sum(each[key] for each in counted) for key in ("embedded", "reused")} if counted else None

    def as_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        project, statistics, embedder = self.resolution.require_project(), self.statistics, self.manifest.embedder
        return {
            "project": self.resolution.as_dict(),
            "place": {"store": project.binding.store, "server": project.binding.server, **project.binding.location},
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


async def status_of(engine: Engine, resolution: Resolution) -> Status:
    """Say what is indexed in a project that is resolved already."""
    project = resolution.require_project()

    async def look() -> Status:
        store = await engine.open(project)
        return Status(
            resolution=resolution,
            statistics=await store.statistics(),
            manifest=store.manifest,
            next=await _unfinished(engine, project),
            parts=await indexed_parts(store),
        )

    return await retry_on_generation_change(look)


async def skipped_files(engine: Engine, resolution: Resolution) -> AsyncIterator[dict[str, str]]:
    """Iterate over the files that are not indexed, or not as they should be, each with its reason."""
    store = await engine.open(resolution.require_project())
    async for page in store.skipped_files():
        for repository, state in page:
            reason = state.skipped or f"cut by lines: {state.fallback}"
            yield {"repository": repository, "path": state.path, "reason": reason}


async def _unfinished(engine: Engine, project: Project) -> Manifest | None:
    if "generations" not in engine.plugins.store(project.binding.store).supports:
        return None
    return await (await engine.store(project.binding.store)).unfinished(project.binding, project=project.id)
