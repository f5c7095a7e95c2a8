"""Say on stderr which hooks are called and what is opened: ``CODEBASE_CORE_TRACE_HOOKS=1``."""

from __future__ import annotations

import os
import sys
from time import perf_counter

NAME = "CODEBASE_CORE_TRACE_HOOKS"


def tracing() -> bool:
    """Tell whether the user wants to see it. Plugins are loaded before settings are read, so only the environment says."""
    return os.environ.get(NAME, "").lower() in {"1", "true", "yes", "on"}


class Trace:
    """A call in progress; says how long it took when it is told what came of it. Nobody puts values of secrets in."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = perf_counter()

    def ends(self, result: str) -> None:
        """Print a line, if lines are wanted."""
        if tracing():
            took = 1000 * (perf_counter() - self._began)
            print(f"trace: {self._what}: {result} ({took:.1f} ms)", file=sys.stderr)  # noqa: T201 - for people
