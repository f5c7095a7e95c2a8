"""Where a server listens, and how it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A Unix socket; peer authentication lets the account that asked connect as ``user``, a superuser, or any other role."""

    socket_dir: Path
    port: int
    user: str

    def url(self, database: str = "postgres") -> str:
        """Return a URL that libpq and asyncpg understand; it holds no secret."""
        host = quote(str(self.socket_dir), safe="")
        return f"postgresql://{self.user}@/{quote(database, safe='')}?host={host}&port={self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """What can be said of a server without connecting. ``uptime`` is in seconds, ``started_at`` in UTC."""

    running: bool
    version: str
    account: str
    data_dir: Path
    log_dir: Path
    pid: int | None = None
    socket: Path | None = None
    started_at: datetime | None = None
    uptime: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON has them: paths and times (ISO 8601) as text."""
        shown = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        return shown | {"started_at": self.started_at and self.started_at.isoformat()}
