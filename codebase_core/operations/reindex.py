"""Rebuild a project's index with another embedder, another revision of it, or the same, while the old one answers.

The next generation is an index of its own: what a killed run has built is found by the next run like any index is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebase_core_hookspecs import Source

from codebase_core.errors import RepositoryNotHere, Unsupported
from codebase_core.indexing.scopes import indexed_scopes
from codebase_core.indexing.selection import scan_of
from codebase_core.indexing.service import Indexer, source_of
from codebase_core.projects.repository import Repository

if TYPE_CHECKING:
    from codebase_core_hookspecs import Manifest, Project, ProjectStore, Store

    from codebase_core.engine import Engine
    from codebase_core.indexing.progress import OnProgress, Progress
    from codebase_core.projects.resolution import Resolution
    from codebase_core.sources.scan import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport:
    """What a rebuild did, repository by repository."""

    resolution: Resolution
    before: Manifest
    after: Manifest
    repositories: Sequence[tuple[str, Progress]]

    def as_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "project": self.resolution.as_dict(),
            "generation": self.after.generation,
            "embedder": {
                key: asdict(manifest.embedder) if manifest.embedder is not None else None
                for key, manifest in (("before", self.before), ("after", self.after))
            },
            "repositories": [{"name": name, **progress.as_dict()} for name, progress in self.repositories],
        }


async def reindex(
    engine: Engine,
    resolution: Resolution,
    *,
    path: Path,
    embedder: str | None,
    without: Collection[str],
    on_progress: OnProgress,
) -> ReindexReport:
    """Build the next generation, or go on with the one that was begun, and put it in the current one's place.

    Raises RepositoryNotHere, after all that is here was built, while a repository of the project is still missing.
    """
    project = resolution.require_project()
    store = await _store(engine, project)
    await store.migrate(project.binding, project=project.id)
    current = await store.open(project.binding, project=project.id)
    choice = embedder or _named(await store.unfinished(project.binding, project=project.id) or current.manifest)
    manifest = replace(await engine.manifest(project.id, embedder=choice), generation=current.manifest.generation + 1)
    pinned = await engine.embedder_of(manifest)
    here, elsewhere = await _sources(engine, project, current, path=path, without=without)
    if not here:
        raise _not_here(elsewhere, done=0)
    building = await store.open_next(project.binding, manifest)
    if {state.name for state in await building.repositories()} & set(without):
        await store.drop_next(project.binding, project=project.id)
        building = await store.open_next(project.binding, manifest)
    done = []
    for number, (source, scan) in enumerate(here, 1):
        known = {state.name for state in await building.repositories() if state.indexed_at is not None}
        missing = [each for each in elsewhere if each.name not in known]
        indexer = Indexer(
            store=building,
            embedder=pinned,
            settings=engine.settings,
            plugins=engine.plugins,
            pool=engine.workers,
            on_progress=on_progress,
            detail={"reindex": manifest.generation},
        )
        done.append((source.name, await indexer.index(source, scan, activate=number == len(here) and not missing)))
    if missing:
        raise _not_here(missing, done=len(here))
    return ReindexReport(resolution=resolution, before=current.manifest, after=manifest, repositories=done)


async def abandon(engine: Engine, resolution: Resolution) -> None:
    """Drop what a reindex has built that did not end; the index that answers is not touched."""
    project = resolution.require_project()
    await (await _store(engine, project)).drop_next(project.binding, project=project.id)


async def _store(engine: Engine, project: Project) -> Store:
    """Open the store of a project; raise Unsupported if it cannot build a next generation."""
    name = project.binding.store
    if "generations" not in engine.plugins.store(name).supports:
        raise Unsupported(
            f"store {name!r} cannot build a new index beside the old one",
            hint="index into another project: codebase-core index --project NAME --embedder PLUGIN:MODEL",
        )
    return await engine.store(name)


def _named(manifest: Manifest) -> str | None:
    return f"{manifest.embedder.plugin}:{manifest.embedder.model}" if manifest.embedder is not None else None


async def _sources(
    engine: Engine, project: Project, current: ProjectStore, *, path: Path, without: Collection[str]
) -> tuple[list[tuple[Source, Scan]], list[Source]]:
    """Return what can be read here, as much of each repository as is indexed, and the repositories that are elsewhere.

    A project that holds none yet gets the one at ``path``.
    """
    states = await current.repositories()
    unknown = set(without) - {state.name for state in states}
    if unknown:
        raise RepositoryNotHere(
            f"the project has no repository {min(unknown)!r}",
            hint=f"it has: {', '.join(state.name for state in states) or 'none'}",
        )
    if not states:
        place = Repository.at(path)
        return [(await source_of(place, current, engine.machine), await _scan(engine, project, place))], []
    here, elsewhere = [], []
    for state in states:
        if state.name in without:
            continue
        place = Repository(root=Path(state.root), scope="")
        source = Source(name=state.name, identity=state.identity, root=state.root, machine=state.machine)
        scopes = [each for each in await indexed_scopes(current, state.name) if (place.root / each).exists()]
        if state.machine != engine.machine or not scopes:
            elsewhere.append(source)
        else:
            scan = replace(await _scan(engine, project, place), scope=tuple(filter(None, scopes)))
            here.append((replace(source, commit=place.commit()), scan))
    return here, elsewhere


async def _scan(engine: Engine, project: Project, place: Repository) -> Scan:
    found = await engine.resolve(place, project=str(project.id), intent="read")
    return scan_of(place, config=found.config, settings=engine.settings)


def _not_here(missing: Sequence[Source], *, done: int) -> RepositoryNotHere:
    """Return the error that names what a new index still lacks."""
    first = missing[0]
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    return RepositoryNotHere(
        f"repository {first.name!r}{more} cannot be read here ({first.root}): the old index goes on answering"
        + (f"; what is built of the new one ({done}) is kept" if done else ""),
        hint="if it was moved, run codebase-core index in it; if it is on another machine, codebase-core reindex there; or leave "
        f"it out: codebase-core reindex --without {first.name}",
    )
