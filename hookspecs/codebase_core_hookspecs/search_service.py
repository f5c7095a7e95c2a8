"""What a plugin's command may ask of the engine: the whole product behind a few calls, in the form that ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .retrieval import Filters


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

    Answers are objects of JSON as the commands print them with ``--json``; fields are only ever added.
    """

    async def search(
        self,
        query: str,
        *,
        workspace: Workspace,
        limit: int,
        filters: Filters,
        max_tokens: int | None = None,
        explain: bool = False,
    ) -> Mapping[str, Any]:
        """Answer a query as ``search --json`` does, with ``freshness``, and ``indexing`` while the index is being made.

        A small change of the tree is indexed before; a larger one, or a folder that has no index, in a job.
        """
        ...

    async def related(
        self, file: str, line: int, *, workspace: Workspace, limit: int, filters: Filters, max_tokens: int | None = None
    ) -> Mapping[str, Any]:
        """Answer, as ``search`` does, with code that resembles what stands at a line of a file."""
        ...

    async def index(self, *, workspace: Workspace, force: bool = False) -> Mapping[str, Any]:
        """Start a job that indexes the workspace's folder, or find the one that does; raise FolderNotAllowed."""
        ...

    async def status(self, *, workspace: Workspace, job: str | None = None) -> Mapping[str, Any]:
        """Say what is indexed, how fresh it is and, under ``indexing``, how far a job is."""
        ...

    async def resolve(self, *, workspace: Workspace) -> Mapping[str, Any] | None:
        """Return the project of a workspace, with tier and evidence; None if there is none yet."""
        ...

    async def projects(self) -> Sequence[Mapping[str, Any]]:
        """Return the projects, newest first."""
        ...
