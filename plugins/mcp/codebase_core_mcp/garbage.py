"""Keep Python's collector of reference cycles out of the way of answers.

With eight clients at once the median answer takes 102, 119 and 178 ms so, and 219, 141 and 333 ms with Python's own settings
(in turn, on a busy machine); for one client alone there is no difference beyond the machine's own.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass

YOUNG = 10_000
"""New objects that may be alive before they are looked through: a question that is being answered holds a thousand."""


def collect_rarely() -> None:
    """Look new objects through less often; while libraries are loaded that finds next to nothing."""
    gc.set_threshold(YOUNG)


@dataclass(slots=True)
class Lasting:
    """What the process has loaded for its first answer; it is set aside for good.

    Libraries are some 150,000 objects: looking through them took 40 to 80 ms every hundred answers, for all clients at once.
    """

    kept: bool = False

    def answered(self) -> None:
        """Say that an answer was given."""
        if not self.kept:
            self.kept = True
            gc.freeze()
