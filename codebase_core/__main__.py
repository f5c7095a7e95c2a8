"""The command line: ``codebase-core`` and ``python -m codebase_core``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; ``--version`` alone does not even load it."""
    from .cli.app import main as run  # noqa: PLC0415

    sys.exit(run())


if __name__ == "__main__":
    main()
