"""One watcher a tree."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from codebase_core.errors import AlreadyWatched


@contextmanager
def watching(path: Path, *, home: Path) -> Iterator[None]:
    """Be the only watcher of a folder for the block; raise AlreadyWatched naming the other one."""
    folder = home / "watching"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / blake2b(str(path).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyWatched(
                f"{path} is watched already, by process {file.read().strip() or '(starting)'}",
                hint="nothing needs to be done",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
