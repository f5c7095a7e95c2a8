"""A worker process: reads tasks from stdin, writes one result a file to stdout. Run with ``python -m``."""

from __future__ import annotations

import os
import signal
import sys

from codebase_core.plugin_manager import PluginManager

from .reading import read_file
from .tasks import READY, Setup, Task, dump, read


def main() -> None:
    """Serve until stdin ends. The parent alone reacts to Ctrl-C, so that it can keep what is committed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a chunker prints must not break the protocol
    setup = Setup(*read(sys.stdin.buffer))
    chunkers = PluginManager.load(disabled=setup.disabled, third_party=setup.third_party).chunkers()
    results.write(dump(READY))
    results.flush()
    while (tasks := read(sys.stdin.buffer)) is not None:
        for task in tasks:
            results.write(dump(tuple(read_file(Task(*task), setup, chunkers))))
            results.flush()


if __name__ == "__main__":
    main()
