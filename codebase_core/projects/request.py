"""What is asked of resolution: whose project is this folder, and may the answer be written to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from codebase_core_hookspecs import Project, Registry, RepositoryState

    from .repository import Repository

Intent: TypeAlias = Literal["read", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionRequest:
    """Whose project is a folder: what is known before any tier is asked.

    ``active`` is the one chosen by ``projects use``; ``indexed`` returns the repositories of a project; ``shares`` tells whether
    several checkouts of a repository can be in it.
    """

    repository: Repository
    start: Path
    intent: Intent
    registry: Registry
    machine: UUID
    explicit: str | None = None
    default: bool = False
    active: UUID | None = None
    indexed: Callable[[Project], Awaitable[Sequence[RepositoryState]]] | None = None
    shares: Callable[[Project], bool] = lambda _: False
