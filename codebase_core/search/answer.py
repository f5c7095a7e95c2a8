"""The answer to a search, as values and in the form that ``--json`` prints. Fields are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from codebase_core_hookspecs import RepositoryState, Symbol

    from codebase_core.projects.resolution import Resolution

HitState = Literal["current", "changed", "missing", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One passage of the answer; lines are 1-based and inclusive. ``stages`` tell how the score came about."""

    repository: str
    path: str
    start_line: int
    end_line: int
    language: str | None
    symbols: tuple[Symbol, ...]
    score: float
    state: HitState
    text: str
    stages: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return what is printed."""
        shown = {
            "repository": self.repository,
            "path": self.path,
            "start_line": self.start_line,
            "end_line": self.end_line,
            "language": self.language,
            "symbols": [
                {
                    "name": s.name,
                    "kind": s.kind,
                    "qualified_name": s.qualified_name,
                    "line": s.line,
                    "end_line": s.end_line,
                }
                for s in self.symbols
            ],
            "score": round(self.score, 6),
            "state": self.state,
            "text": self.text,
        }
        return shown | {"explain": {k: round(v, 6) for k, v in self.stages.items()}} if explain else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hits, best first, and where they come from: project, tier, evidence, freshness. ``timings`` are milliseconds.

    ``focus`` is the text whose words tell the lines to look at, where that is not the query; ``note`` is a caveat. ``missed``:
    nothing defines a name that was asked for, or holds a word of the query; it may be newer than the index.
    """

    query: str
    resolution: Resolution
    repositories: Sequence[RepositoryState]
    hits: Sequence[Hit]
    timings: Mapping[str, float]
    focus: str = ""
    note: str | None = None
    missed: bool = False

    def display_path(self, hit: Hit) -> str:
        """Return the path of a hit, behind its repository's name where the project has several."""
        return f"{hit.repository}/{hit.path}" if len(self.repositories) > 1 else hit.path

    def file(self, hit: Hit) -> Path:
        """Return where the file of a hit was indexed."""
        return next(Path(state.root, hit.path) for state in self.repositories if state.name == hit.repository)

    def as_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "query": self.query,
            "project": self.resolution.as_dict(),
            "index": [
                {
                    "repository": state.name,
                    "root": state.root,
                    "indexed_at": state.indexed_at.isoformat() if state.indexed_at else None,
                    "commit": state.commit,
                    "running": state.running,
                }
                for state in self.repositories
            ],
            "note": self.note,
            "hits": [hit.as_dict(explain=explain) for hit in self.hits],
            "timings": {name: round(value, 3) for name, value in self.timings.items()},
        }
