"""A worker process: reads tasks from stdin, writes one result a file to stdout. Run with ``python -m``."""

from __future__ import annotations

import os
import signal
import sys

from codebase_core.plugin_manager import PluginManager

from .reading import read_file
from .tasks import PING, Loading, Setup, Task, dump, read


def main() -> None:
    """Serve until stdin ends. The parent alone reacts to Ctrl-C, so that it can keep what is committed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a chunker prints must not break the protocol
    loading = Loading(*read(sys.stdin.buffer))
    chunkers = PluginManager.load(disabled=loading.disabled, third_party=loading.third_party).chunkers()
    while (message := read(sys.stdin.buffer)) is not None:
        if message == PING:
            results.write(dump(PING))
            results.flush()
            continue
        setup = Setup(*message[0])
        for task in message[1]:
            results.write(dump(tuple(read_file(Task(*task), setup, chunkers))))
            results.flush()


if __name__ == "__main__":
    main()
