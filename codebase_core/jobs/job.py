"""One job: what was asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

JobState = Literal["running", "done", "failed", "cancelled", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An index run in a process of its own. ``choices`` are those for a new project; ``report`` is its result or error."""

    id: str
    root: Path
    scope: str
    requested_at: datetime
    pid: int = 0
    force: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    state: JobState = "running"
    ended_at: datetime | None = None
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The folder or file that is indexed."""
        return self.root / self.scope

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self.state == "running"

    def covers(self, root: Path, scope: str, choices: Mapping[str, str | bool | None], *, force: bool) -> bool:
        """Whether this job does what another one would do."""
        same = self.root == root and self.scope in ("", scope) and dict(self.choices) == dict(choices)
        return same and (self.force or not force)

    def as_dict(self) -> dict[str, Any]:
        """Return what is stored and what ``--json`` prints."""
        return asdict(self) | {
            "root": str(self.root),
            "requested_at": self.requested_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Job:
        """Read a job back."""
        ended = stored["ended_at"]
        return cls(
            **{
                **stored,
                "root": Path(stored["root"]),
                "requested_at": datetime.fromisoformat(stored["requested_at"]),
                "ended_at": datetime.fromisoformat(ended) if ended else None,
            }
        )
