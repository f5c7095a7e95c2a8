"""What an index run has done so far, and its report at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True, kw_only=True)
class Progress:
    """Counters of a running index; ``changed`` grows until ``scanned`` is true, then it is the total.

    ``shared`` files are new to the checkout that is indexed, with content that another one had. ``renewed`` files have not
    changed, but were indexed otherwise than this version does. ``embedded`` and ``reused`` count vectors of embedders whose
    vectors are kept.
    """

    changed: int = 0
    done: int = 0
    indexed: int = 0
    renewed: int = 0
    touched: int = 0
    shared: int = 0
    removed: int = 0
    unchanged: int = 0
    chunks: int = 0
    bytes: int = 0
    embedded: int = 0
    reused: int = 0
    scanned: bool = False
    skipped: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return monotonic() - self.started

    @property
    def has_source(self) -> bool:
        """Whether the run found a file that is indexed, or removed one that was."""
        return bool(self.indexed or self.unchanged or self.touched or self.shared or self.removed)

    def as_dict(self) -> dict[str, object]:
        """Return the counters for a run's record and for ``--json``."""
        return {
            "files": {
                "indexed": self.indexed,
                "renewed": self.renewed,
                "touched": self.touched,
                "shared": self.shared,
                "removed": self.removed,
                "unchanged": self.unchanged,
                "skipped": dict(sorted(self.skipped.items())),
            },
            "chunks": self.chunks,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
        } | ({"vectors": {"embedded": self.embedded, "reused": self.reused}} if self.embedded or self.reused else {})

    def so_far(self) -> dict[str, object]:
        """Return the counters of a run that goes on; ``changed`` is the total once ``scanned`` is true."""
        return self.as_dict() | {"done": self.done, "changed": self.changed, "scanned": self.scanned}


OnProgress = Callable[[Progress], None]
