"""What a file defines, as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .context import symbols_of

if TYPE_CHECKING:
    from codebase_core_hookspecs import HitState, StoredFile, Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A file's definitions in order, each with its depth: how many others enclose it."""

    repository: str
    path: str
    language: str | None
    state: HitState
    entries: tuple[tuple[int, Symbol], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "repository": self.repository,
            "path": self.path,
            "language": self.language,
            "state": self.state,
            "symbols": [symbol.as_dict() | {"depth": depth} for depth, symbol in self.entries],
        }


def outlined(file: StoredFile, *, local: bool = False) -> tuple[tuple[int, Symbol], ...]:
    """Return the definitions of a file with their depth; ``local`` takes in those within functions."""
    entries: list[tuple[int, Symbol]] = []
    enclosing: list[Symbol] = []
    for symbol in sorted(symbols_of(file), key=lambda each: (each.line, -(each.end_line or each.line))):
        if symbol.local and not local:
            continue
        while enclosing and (enclosing[-1].end_line or 0) < (symbol.end_line or symbol.line):
            enclosing.pop()
        entries.append((len(enclosing), symbol))
        enclosing.append(symbol)
    return tuple(entries)
