"""The command line: ``codebase-core`` and ``python -m codebase_core``."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line."""
    # One thread does what a query needs; starting one a core costs more than numpy's own import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from .cli.app import main as run  # noqa: PLC0415

        code = run()
    except KeyboardInterrupt:  # before or after the command itself, which says so
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
