"""Whether a file still is as it was indexed."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from codebase_core_hookspecs import FileState, HitState, RepositoryState


def file_state(file: FileState, repository: RepositoryState, *, machine: UUID) -> HitState:
    """Compare a file on disk with its indexed state: by size and time, then by content; unknown on another machine."""
    if repository.machine != machine:
        return "unknown"
    path = Path(repository.root, file.path)
    try:
        status = path.stat()
        if status.st_size != file.size:
            return "changed"
        if status.st_mtime_ns == file.mtime_ns:
            return "current"
        same = blake2b(path.read_bytes(), digest_size=16).digest() == file.content_hash
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "unknown"
    return "current" if same else "changed"
