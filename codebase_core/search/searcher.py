"""Everything that can be asked of one project's index, once the project is resolved and its index opened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from codebase_core_hookspecs import AnyRequest, RelatedRequest, ResolvedProject, SearchRequest, SymbolRequest

from codebase_core.errors import FileNotIndexed, GenerationChanged
from codebase_core.projects.generations import retry_on_generation_change
from codebase_core.projects.other_checkout import other_checkout
from codebase_core.sources.role_names import with_roles

from .definitions import answer_symbol
from .filters import with_languages, with_places
from .freshness import file_state, from_other_checkout
from .outline import Outline, outlined
from .related import answer_related
from .service import answer

if TYPE_CHECKING:
    from codebase_core_hookspecs import (
        Answer,
        Embedder,
        EmbedderPlugin,
        Filters,
        ProjectStore,
        RepositoryState,
        StoredFile,
    )

    from codebase_core.projects.resolution import Resolution

    from .reranking import Reranking


Index: TypeAlias = "tuple[ProjectStore, tuple[EmbedderPlugin, Embedder] | None]"
"""An index and the embedder that its manifest pins, None if it has no vectors."""


@dataclass(kw_only=True)
class Searcher:
    """Answers questions about one project. When a reindex replaces the index meanwhile, it opens the new one and asks again."""

    resolution: Resolution
    store: ProjectStore
    embedder: tuple[EmbedderPlugin, Embedder] | None
    machine: UUID
    reopen: Callable[[], Awaitable[Index]]
    reranking: Reranking | None = None

    @property
    def project(self) -> ResolvedProject:
        """The project that answers, and why it is that one."""
        return self.resolution.resolved_project()

    async def ask(self, request: AnyRequest) -> Answer:
        """Answer a request of any kind; its ``project`` and ``path`` have led here, of a related one ``path`` places the file.

        What is from another checkout than the one that is asked about says so.
        """
        match request:
            case SearchRequest():
                answer = await self.search(request)
            case SymbolRequest():
                answer = await self.symbol(request)
            case RelatedRequest():
                answer = await self.related(request)
        return from_other_checkout(answer, self.resolution.asked, machine=self.machine)

    async def search(self, request: SearchRequest) -> Answer:
        """Answer a question in words, or for a name."""
        request = replace(request, filters=await self._filters(request))
        return await self._current(
            lambda: answer(
                request,
                store=self.store,
                embedder=self.embedder[1] if self.embedder is not None else None,
                project=self.project,
                machine=self.machine,
                reranking=self.reranking,
            )
        )

    async def symbol(self, request: SymbolRequest) -> Answer:
        """Return the definitions of a name: ``send``, ``Client.send``, ``parse_*``."""
        request = replace(request, filters=await self._filters(request))
        return await self._current(
            lambda: answer_symbol(request, store=self.store, project=self.project, machine=self.machine)
        )

    async def related(self, request: RelatedRequest) -> Answer:
        """Return code that resembles what stands at a line of a file."""
        request = replace(request, filters=await self._filters(request))

        async def ask() -> Answer:
            state, stored = await self.file(request.file, folder=request.folder or Path())
            return await answer_related(
                request,
                state.name,
                stored,
                store=self.store,
                embedder=self.embedder,
                project=self.project,
                machine=self.machine,
            )

        return await self._current(ask)

    async def outline(self, file: str, *, folder: Path = Path(), local: bool = False) -> Outline:
        """Return what a file defines."""
        state, stored = await self.file(file, folder=folder)
        asked = self.resolution.asked
        other = other_checkout(asked, [state], machine=self.machine) if asked is not None else None
        return Outline(
            repository=state.name,
            path=stored.state.path,
            language=stored.language,
            state=file_state(stored.state, state, machine=self.machine) if other is None else "elsewhere",
            entries=outlined(stored, local=local),
        )

    async def file(self, file: str, *, folder: Path = Path()) -> tuple[RepositoryState, StoredFile]:
        """Find an indexed file; raise FileNotIndexed.

        ``file`` is its place on this machine, or its path in a repository, with or without that one's name before it.
        """
        repositories = await self.store.repositories() if file.isprintable() else ()
        named = ((state, file.removeprefix(f"{state.name}/")) for state in repositories)
        places = [*self._on_disk(folder, file, repositories), *((state, file) for state in repositories), *named]
        found = await self.store.files(list(dict.fromkeys((state.name, path) for state, path in places)))
        for state, path in places:
            stored = found.get((state.name, path))
            if stored is not None and stored.chunks:
                return state, stored
        skipped = next((f.state.skipped for f in found.values() if f.state.skipped), None)
        raise FileNotIndexed(
            f"{file} is not indexed: {skipped}"
            if skipped
            else f"{file} is not in project {self.resolution.require_project().name!r}",
            hint="codebase-core status --skipped lists what was left out and why; codebase-core index brings new files in",
        )

    async def _filters(self, request: AnyRequest) -> Filters:
        """Return a request's filters as an index knows languages, roles and paths; they are given as people type them."""
        return await with_places(
            with_roles(with_languages(request.filters)),
            folder=request.folder or Path(),
            store=self.store,
            machine=self.machine,
        )

    async def _current(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        async def opened() -> Answer:
            try:
                return await ask()
            except GenerationChanged:
                self.store, self.embedder = await self.reopen()
                raise

        return await retry_on_generation_change(opened)

    def _on_disk(
        self, folder: Path, file: str, repositories: Sequence[RepositoryState]
    ) -> list[tuple[RepositoryState, str]]:
        """Return where a path lies within the repositories that are on this machine, the innermost first."""
        real = (folder / file).resolve() if repositories else folder
        inside = [
            (state, real.relative_to(state.root).as_posix())
            for state in repositories
            if state.machine == self.machine and real.is_relative_to(state.root)
        ]
        return sorted(inside, key=lambda each: -len(each[0].root))
