"""A worker process: reads tasks from stdin, writes one result a file to stdout. Run with ``python -m``."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys

from codebase_core.plugins.manager import PluginManager

from .messages import PING, Loading, Setup, Task, dump, read
from .read_file import read_file


def main() -> None:
    """Serve until stdin ends. The parent alone reacts to Ctrl-C, so that it can keep what is committed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a chunker prints must not break the protocol
    nowhere = os.open(os.devnull, os.O_WRONLY)
    loading = Loading(*read(sys.stdin.buffer))
    chunkers = PluginManager.load(disabled=loading.disabled, third_party=loading.third_party).chunkers()
    while (message := read(sys.stdin.buffer)) is not None:
        if message == PING:
            results.write(dump(PING))
            results.flush()
            continue
        setup = Setup(*message[0])
        tasks = message[1]
        # The parent ends a worker that hangs; where it is gone, this does, also out of a loop of a parser in C.
        faulthandler.dump_traceback_later(loading.deadline * len(tasks), exit=True, file=nowhere)
        for task in tasks:
            results.write(dump(tuple(read_file(Task(*task), setup, chunkers))))
            results.flush()
        faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the parent was killed: there is nobody to tell
        os._exit(1)
