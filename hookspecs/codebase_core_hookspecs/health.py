"""How an installation is, for whoever watches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionUse:
    """The connections of this process to a server: at most ``size``, of those that are ``open`` how many are ``idle``.

    ``waiting`` are the tasks that wait for one to come free.
    """

    server: str
    size: int
    open: int
    idle: int
    waiting: int

    @property
    def in_use(self) -> int:
        """How many somebody works with."""
        return self.open - self.idle


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One thing that was looked at; ``detail`` says what was found, ``hint`` what to do where it is not ``ok``."""

    name: str
    ok: bool
    detail: str
    hint: str | None = None
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a running process can reach and how busy it is; ``versions`` by program."""

    checks: Sequence[HealthCheck]
    connections: Sequence[ConnectionUse]
    jobs_running: int
    versions: dict[str, str]

    @property
    def degraded(self) -> tuple[str, ...]:
        """The names of the checks that failed."""
        return tuple(check.name for check in self.checks if not check.ok)
