"""What a request is answered with, as values; ``as_dict`` is what ``--json`` prints. Fields are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from .chunking import Symbol
from .retrieval import RepositoryState

SIGNATURE_LINES, SIGNATURE_CHARACTERS = 8, 300
"""A signature is read from so many lines, and cut to so many characters."""

HEADED = 3
"""So many definitions are named above a hit."""

HitState = Literal["current", "changed", "missing", "unknown", "elsewhere"]
"""How the file of a hit compares with its index; ``unknown`` where it cannot be looked at from here.

``elsewhere``: it is of another checkout of the repository than the one that is asked about.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedProject:
    """The project that a folder belongs to: which ``tier`` of resolution knew it, and the ``evidence``."""

    name: str
    id: str
    tier: str
    evidence: str

    def as_dict(self) -> dict[str, Any]:
        """Return what is printed."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How an index compares with its tree: ``current``, ``behind`` (and why), or ``unknown`` where it was not looked at.

    ``elsewhere``: it is the index of another checkout of the repository than the one that is asked about. ``job`` is the id of
    the job that brings it up to date.
    """

    state: Literal["current", "behind", "unknown", "elsewhere"]
    reason: str | None = None
    job: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what is printed."""
        return {"state": self.state} | {k: v for k, v in (("reason", self.reason), ("job", self.job)) if v is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """How far a job is that indexes ``path``; ``project`` is the one that was named for it, by name or id.

    Of the files, ``scanned`` were seen, ``changed`` have to be read and ``done`` were; a count is None before it is known. The
    number of files to be read is final when ``files``, the size of the tree, is known.
    """

    job: str
    state: Literal["running", "done", "failed", "cancelled", "interrupted"]
    path: Path
    project: str | None = None
    error: str | None = None
    done: int | None = None
    changed: int | None = None
    scanned: int | None = None
    chunks: int | None = None
    files: int | None = None
    seconds: float | None = None

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self.state == "running"

    def as_dict(self) -> dict[str, Any]:
        """Return what is printed."""
        shown = {key: value for key, value in asdict(self).items() if value is not None}
        return shown | {"path": str(self.path)}


def signature_of(lines: Sequence[str]) -> str:
    """Return the first lines of a definition as one, up to where its parentheses are closed, without what opens its body."""
    signature = ""
    for line in lines[:SIGNATURE_LINES]:
        signature = f"{signature} {line.strip()}".strip()
        if all(signature.count(left) <= signature.count(right) for left, right in ("()", "[]")):
            break
    return signature.rstrip(" {:")[:SIGNATURE_CHARACTERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One passage of the answer; lines are 1-based and inclusive. ``stages`` tell how the score came about.

    ``symbols`` are the definitions that begin in it, ``scope`` is the qualified name of the one that all of it is a part of.
    ``asked`` is the qualified name of the one of ``symbols`` that the query names. ``copies`` are paths of files with the
    same bytes that were found too and are not shown. ``within`` is the definition with the name of ``scope``, and ``opening`` its
    first lines as one, where it begins before the hit.
    """

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
    scope: str = ""
    copies: tuple[str, ...] = ()
    asked: str = ""
    within: Symbol | None = None
    opening: str = ""

    @property
    def heading(self) -> tuple[str, ...]:
        """The qualified names of what a reader sees: the definitions that begin here, or the one that this is a part of.

        The one that is asked for is the first.
        """
        begun = [symbol.qualified_name for symbol in self._begun]
        part = [self.scope] if self.scope else [symbol.qualified_name for symbol in self.symbols]
        return tuple(dict.fromkeys(begun or part))

    @property
    def kind(self) -> str | None:
        """The kind of the first definition in ``heading``; None if it is not known."""
        return first.kind if (first := self._first) is not None else None

    @property
    def signature(self) -> str | None:
        """That definition's first lines as one, up to where its parentheses are closed; None as for ``kind``."""
        first = self._first
        if first is None:
            return None
        if first is self.within:
            return self.opening or None
        return signature_of(self.text.split("\n")[first.line - self.start_line :]) or None

    @property
    def title(self) -> str:
        """What is written above a hit: kind and up to three names; empty if nothing is defined around it."""
        return " ".join(filter(None, (self.kind, ", ".join(self.heading[:HEADED]))))

    @property
    def _begun(self) -> list[Symbol]:
        begun = [symbol for symbol in self.symbols if symbol.kind != "field" and not symbol.local]
        asked = [symbol for symbol in self.symbols if symbol.qualified_name == self.asked]
        return [*asked, *(symbol for symbol in begun if symbol not in asked)]

    @property
    def _first(self) -> Symbol | None:
        """The first definition in the heading, if it begins in the lines that are shown or is the one around them."""
        if not self._begun and self.scope:
            return self.within
        named = self._begun or list(self.symbols)
        return named[0] if named and self.start_line <= named[0].line <= self.end_line else None

    def as_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return what is printed; with ``explain`` also the stages of the score."""
        shown = {
            "repository": self.repository,
            "path": self.path,
            "start_line": self.start_line,
            "end_line": self.end_line,
            "language": self.language,
            "scope": self.scope,
            "heading": list(self.heading),
            "kind": self.kind,
            "signature": self.signature,
            "symbols": [symbol.as_dict() for symbol in self.symbols],
            "score": round(self.score, 6),
            "state": self.state,
            "text": self.text,
            "copies": list(self.copies),
        }
        return shown | {"explain": {k: round(v, 6) for k, v in self.stages.items()}} if explain else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hits, best first, and where they come from. ``timings`` are milliseconds.

    ``project`` is None while the first index of a folder is being made. ``focus`` is the text whose words tell the lines to look
    at, where that is not the query; ``note`` is a caveat. ``missed``: nothing defines a name that was asked for, or holds a word
    of the query; it may be newer than the index. Servers that keep the index fresh add ``freshness``, and ``indexing`` while
    the first index is being made.
    """

    query: str
    project: ResolvedProject | None
    repositories: Sequence[RepositoryState] = ()
    hits: Sequence[Hit] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    focus: str = ""
    note: str | None = None
    missed: bool = False
    freshness: Freshness | None = None
    indexing: JobProgress | None = None

    def display_path(self, hit: Hit) -> str:
        """Return the path of a hit, behind its repository's name where the project has several."""
        return f"{hit.repository}/{hit.path}" if len(self.repositories) > 1 else hit.path

    def file(self, hit: Hit) -> Path:
        """Return where the file of a hit was indexed."""
        return next(Path(state.root, hit.path) for state in self.repositories if state.name == hit.repository)

    def as_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the object that ``--json`` prints; with ``explain`` also the stages of each score."""
        served = (("freshness", self.freshness), ("indexing", self.indexing))
        return {
            "query": self.query,
            "project": self.project.as_dict() if self.project is not None else None,
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
        } | {name: value.as_dict() for name, value in served if value is not None}
