"""Remember a tree that was found to be as it is indexed: while nothing in its folders moves, it need not be compared again.

A comparison reads the rules for ignored files and every known file's state from the index. This reads the folders that were
entered, the sizes and times of what lies in them, and whether git's own files changed: a tenth of the time.
"""

from __future__ import annotations

import json
import logging
import marshal
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from codebase_core.files import replace_file
from codebase_core.sources.rule_files import rule_files, stamps_of

logger = logging.getLogger(__name__)

FOLDER = "trees"
"""Of the state folder: a file for each root that is indexed."""

SETTLED_NS = 2_000_000_000
"""What changed later than so long before a comparison may have changed again within the same tick of the file system's clock."""

_RECORDS = 2  # a version of marshal's format without references: equal values are equal bytes


class Fingerprint(NamedTuple):
    """What tells a state of some folders apart, and the time of the latest change in them."""

    digest: str
    newest_ns: int


def fingerprint(root: Path, folders: Sequence[str]) -> Fingerprint | None:
    """Return it for folders given relative to a root; None if one cannot be read. Names, sizes, inodes and times count."""
    digest, newest, base = blake2b(digest_size=16), 0, str(root)
    try:
        for prefix in folders:
            folder = f"{base}/{os.fsdecode(prefix)}"
            newest = max(newest, os.stat(folder).st_ctime_ns)  # noqa: PTH116 - for thousands of folders
            with os.scandir(folder) as listing:
                found: list[tuple[Any, ...]] = []
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        found.append((entry.name,))
                        continue
                    state = entry.stat(follow_symlinks=False)
                    found.append((entry.name, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino))
                    newest = max(newest, state.st_ctime_ns)
            found.sort()
            digest.update(marshal.dumps(found, _RECORDS))
    except OSError:
        return None
    return Fingerprint(digest.hexdigest(), newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedTree:
    """A root, or a part of it, as it was when it was last compared and found to be indexed.

    ``key`` stands for all that the comparison depended on besides the files: which index, its state, rules and versions.
    """

    home: Path
    root: Path
    scope: str
    key: str

    @property
    def _file(self) -> Path:
        name = blake2b(os.fsencode(f"{self.root}\0{self.scope}"), digest_size=16).hexdigest()
        return self.home / FOLDER / f"{name}.json"

    def is_unchanged(self) -> bool:
        """Whether all is as it was; False where nothing is remembered."""
        try:
            known = json.loads(self._file.read_bytes())
            if known["key"] != self.key or known["beside"] != stamps_of(known["beside"]):
                return False
            found = fingerprint(self.root, known["folders"])
            return found is not None and found.digest == known["digest"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # nothing there, or not ours
            return False

    def keep(self, folders: Sequence[str], *, since_ns: int) -> None:
        """Remember the folders that a comparison entered, which began at a time; not if something has changed about then."""
        found, beside = fingerprint(self.root, folders), stamps_of(rule_files(self.root, folders))
        newest = max((stamp[1] for stamp in beside.values() if stamp is not None), default=0)
        if found is None or max(found.newest_ns, newest) > since_ns - SETTLED_NS:
            return
        file = self._file
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept = {"key": self.key, "digest": found.digest, "folders": list(folders), "beside": beside}
            replace_file(file, json.dumps(kept))
        except OSError as exc:  # the next comparison takes its time again
            logger.debug("%s cannot be remembered: %s", self.root, exc)
