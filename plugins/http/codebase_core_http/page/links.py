"""Addresses: every state of the page has one, and whoever opens it sees the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from codebase_core_hookspecs import Hit

SHOWN, MORE, MOST = 10, 20, 100
"""Hits that are shown, that are added at a time, and that are shown at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchState:
    """What is asked on the search page; ``tests`` says whether hits in tests are shown."""

    q: str = ""
    projects: tuple[str, ...] = ()
    language: str = ""
    path: str = ""
    kind: str = ""
    tests: bool = True
    limit: int = SHOWN

    def link(self, **changes: Any) -> str:
        """Return the address of this state, or of one that differs."""
        state = replace(self, **changes)
        pairs = [("q", state.q), *(("project", name) for name in state.projects)]
        pairs += [("language", state.language), ("path", state.path), ("kind", state.kind)]
        pairs += [("tests", "" if state.tests else "no"), ("limit", "" if state.limit == SHOWN else str(state.limit))]
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"/?{query}" if query else "/"

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return bool(self.projects or self.language or self.path or self.kind or not self.tests)


@dataclass(frozen=True, slots=True)
class Lines:
    """A line or a range of lines, from 1; written ``12`` or ``12-20``."""

    first: int
    last: int

    @classmethod
    def read(cls, text: str) -> Lines | None:
        """Return what an address names; None for anything else."""
        first, _, last = text.replace("L", "").partition("-")
        if not (first.isascii() and first.isdigit() and (not last or (last.isascii() and last.isdigit()))):
            return None
        one, other = int(first[:9]), int((last or first)[:9])
        return cls(min(one, other), max(one, other)) if min(one, other) > 0 else None

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def project_link(project: str) -> str:
    """Return the page of a project."""
    return f"/projects/{quote(project, safe='')}"


def file_link(project: str, repository: str, path: str, *, lines: Lines | None = None) -> str:
    """Return the page of a file, at some of its lines."""
    where = f"{project_link(project)}/files/{quote(repository, safe='')}/{quote(path)}"
    return f"{where}?lines={lines}#L{lines.first}" if lines is not None else where


def related_link(project: str, hit: Hit) -> str:
    """Return the page of code that resembles a hit."""
    line = next((symbol.line for symbol in hit.symbols), hit.start_line)
    asked = {"project": project, "repository": hit.repository, "file": hit.path, "line": line}
    return f"/related?{urlencode(asked)}"
