"""What is wrong with an installation, and what repairs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from .binding import Binding


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong with an installation: where, what, and the command or statement that repairs it.

    ``repair`` names an action that ``projects repair`` can take; ``binding`` is what it would drop.
    """

    kind: Literal["missing", "orphan", "foreign", "outdated", "unfinished", "rights", "server", "setting"]
    where: str
    message: str
    command: str | None = None
    sql: str | None = None
    project: UUID | None = None
    repair: Literal["provision", "drop", "forget"] | None = None
    binding: Binding | None = None
