"""Keep Python's collector of reference cycles out of the way of answers."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass

YOUNG = 10_000
"""New objects that are kept before they are looked through: each question that is being answered holds a thousand."""

_IDLE_SECONDS = 1.0


@dataclass(slots=True)
class Garbage:
    """Sets aside for good what the process has loaded, a moment after its first answer.

    Libraries are some 150,000 objects: looking through them took 40 to 80 ms every hundred answers, for all clients at once.
    """

    _begun: bool = False

    def answered(self) -> None:
        """Say that an answer was given, for which most of what a server needs was loaded."""
        if not self._begun:
            self._begun = True
            asyncio.get_running_loop().call_later(_IDLE_SECONDS, settle)


def settle() -> None:
    """Collect once more, then only what comes from now on, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
