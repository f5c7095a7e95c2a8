"""What a plugin's command may ask of the engine: the whole product behind a few calls with typed answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .answers import Answer, JobProgress, ResolvedProject
    from .projects import Project
    from .requests import RelatedRequest, SearchRequest, SymbolRequest
    from .status import WorkspaceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where somebody who asks works.

    ``folder`` is what the question is about; ``project``, by name or id, wins over it. Only what lies in ``roots`` may be
    indexed on their behalf, unless the setting ``allowed_roots`` says otherwise.
    """

    folder: Path | None = None
    project: str | None = None
    roots: tuple[Path, ...] = ()


class SearchService(Protocol):
    """The engine, serving others. One event loop; many tasks may use it at once.

    Of a request, ``path`` is an absolute folder, or None where no folder is known. ``roots`` are the folders that may be indexed
    on behalf of whoever asks, unless the setting ``allowed_roots`` says otherwise.
    """

    async def search(self, request: SearchRequest, *, roots: tuple[Path, ...] = ()) -> Answer:
        """Answer a query, with ``freshness``, and ``indexing`` while the first index is being made.

        A small change of the tree is indexed before; a larger one, or a folder that has no index, in a job.
        """
        ...

    async def symbol(self, request: SymbolRequest, *, roots: tuple[Path, ...] = ()) -> Answer:
        """Answer, as ``search`` does, with the definitions of a name."""
        ...

    async def related(self, request: RelatedRequest, *, roots: tuple[Path, ...] = ()) -> Answer:
        """Answer, as ``search`` does, with code that resembles what stands at a line of a file."""
        ...

    async def index(self, workspace: Workspace, *, force: bool = False) -> JobProgress:
        """Start a job that indexes the workspace's folder, or find the one that does; raise FolderNotAllowed."""
        ...

    async def status(self, workspace: Workspace) -> WorkspaceStatus:
        """Say what is indexed, how fresh it is and how far the latest job is; raise ProjectUnresolved if there is neither."""
        ...

    async def job(self, id: str) -> JobProgress:
        """Say how far a job is; raise JobNotFound."""
        ...

    async def resolve(self, workspace: Workspace) -> ResolvedProject | None:
        """Return the project of a workspace; None if there is none yet."""
        ...

    async def projects(self) -> Sequence[Project]:
        """Return the projects, newest first."""
        ...
