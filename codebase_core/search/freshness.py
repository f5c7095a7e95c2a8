"""Whether a file still is as it was indexed, and in which checkout."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from codebase_core_hookspecs import Freshness

from codebase_core.projects.other_checkout import other_checkout, why_other
from codebase_core.sources.identity import inode, is_untouched

if TYPE_CHECKING:
    from codebase_core_hookspecs import Answer, FileState, HitState, RepositoryState

    from codebase_core.projects.repository import Repository


def file_state(file: FileState, repository: RepositoryState, *, machine: UUID) -> HitState:
    """Compare a file on disk with its indexed state: by size, times and inode, then by content; unknown on another machine."""
    if repository.machine != machine:
        return "unknown"
    path = Path(repository.root, file.path)
    try:
        status = path.stat()
        if status.st_size != file.size:
            return "changed"
        seen = {"size": status.st_size, "mtime_ns": status.st_mtime_ns}
        if is_untouched(file, **seen, inode=inode(status), ctime_ns=status.st_ctime_ns):
            return "current"
        same = blake2b(path.read_bytes(), digest_size=16).digest() == file.content_hash
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "unknown"
    return "current" if same else "changed"


def from_other_checkout(answer: Answer, asked: Repository | None, *, machine: UUID) -> Answer:
    """Return an answer; one from another checkout than the one asked about says so, in its note and with each hit."""
    other = other_checkout(asked, answer.repositories, machine=machine) if asked is not None else None
    if asked is None or other is None:
        return answer
    why = why_other(asked, other, machine=machine)
    return replace(
        answer,
        hits=[replace(hit, state="elsewhere") if hit.repository == other.name else hit for hit in answer.hits],
        note="; ".join(filter(None, (why, answer.note))),
        freshness=Freshness(state="elsewhere", reason=why),
    )
