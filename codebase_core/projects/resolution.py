"""The answer of resolution: which project a folder belongs to, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

from codebase_core_hookspecs import ResolvedProject

from codebase_core.errors import ProjectNotFound, ProjectUnresolved

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from .config_file import ConfigFile
    from .repository import Repository

Outcome = Literal["found", "absent", "unavailable", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer for one request, made once and passed on.

    ``asked`` is the repository that it was made for. ``project`` is None when a tier names a project that does not exist yet
    (``name``; ``missing`` says what became of it where that was looked for), or when no tier knows any. ``root`` is the known
    checkout's, which may lie above the folder.
    """

    tier: str
    evidence: str
    project: Project | None = None
    name: str | None = None
    id: UUID | None = None
    root: Path | None = None
    config: ConfigFile | None = None
    missing: ProjectNotFound | None = None
    asked: Repository | None = None

    def require_project(self) -> Project:
        """Return the project; raise ProjectUnresolved or ProjectNotFound with the next step."""
        if self.project is not None:
            return self.project
        if self.missing is not None:
            raise self.missing
        if self.name is not None or self.id is not None:
            wanted = repr(self.name) if self.name is not None else self.id
            raise ProjectNotFound(f"project {wanted} does not exist ({self.evidence})", hint="codebase-core index .")
        raise ProjectUnresolved(
            f"no project is known for {self.evidence}", hint="codebase-core index . or --project NAME"
        )

    def resolved_project(self) -> ResolvedProject:
        """Return how answers name the project, and why it is that one; raise as ``require_project`` does."""
        project = self.require_project()
        return ResolvedProject(name=project.name, id=str(project.id), tier=self.tier, evidence=self.evidence)

    def as_dict(self) -> dict[str, Any]:
        """Return the same as an object for ``--json``."""
        return self.resolved_project().as_dict()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one tier saw."""

    tier: str
    outcome: Outcome
    detail: str
    project: Project | None = None


TierResult: TypeAlias = "Resolution | str"
"""What a tier answers: a resolution, or what it saw instead of one."""
