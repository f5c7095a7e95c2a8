"""Public repositories as snapshots: a git folder each, without a work tree, `SNAPSHOTS/owner+name` or a folder in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from codebase_core.sources.languages import language_of
from codebase_core.sources.roles import roles_of

NOT_CODE = frozenset(
    {"markdown", "rst", "text", "tex", "json", "yaml", "toml", "ini", "xml", "html", "css", "csv", "po", "svg"}
)
"""Languages of documentation, data and configuration."""

NO_ANSWER = frozenset({"test", "example", "vendored", "generated", "minified", "documentation", "configuration"})
"""Roles of files that a change touches beside the source that it is about."""


class Snapshot:
    """A repository's history."""

    def __init__(self, folder: Path) -> None:
        places = [folder, folder / ".git", *sorted(folder.glob("*")), *sorted(folder.glob("*/.git"))]
        found = next((place for place in places if (place / "HEAD").is_file() and (place / "objects").is_dir()), None)
        if found is None:
            raise SystemExit(f"no git folder in {folder}")
        self.folder = found

    @classmethod
    def of(cls, snapshots: Path, repository: str) -> Snapshot:
        """Return the snapshot of ``owner/name``."""
        return cls(snapshots / repository.replace("/", "+"))

    def run(self, *arguments: str, check: bool = True) -> str:
        """Return what a git command prints."""
        done = subprocess.run(self._git(*arguments), check=check, capture_output=True)
        return done.stdout.decode(errors="replace")

    def has(self, commit: str) -> bool:
        """Tell whether the snapshot holds a commit."""
        return self.run("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}", check=False) != ""

    def files(self, commit: str) -> frozenset[str]:
        """Return the paths of a commit's tree."""
        return frozenset(self.run("ls-tree", "-r", "-z", "--name-only", commit).split("\0"))

    def export(self, commit: str, folder: Path) -> None:
        """Write the files of a commit into a new folder; large ones may be absent from a snapshot, and links are left out."""
        folder.mkdir(parents=True)
        listed = [entry.partition("\t") for entry in self.run("ls-tree", "-r", "-z", commit).split("\0") if entry]
        self._write(folder, [(about.split()[2], path) for about, _, path in listed if about.startswith("100")])

    def move(self, folder: Path, before: str | None, commit: str) -> None:
        """Make the tree of one commit, if there is one, that of another."""
        if before is None:
            shutil.rmtree(folder, ignore_errors=True)
            self.export(commit, folder)
            return
        fields = self.run("diff", "--raw", "--no-renames", "--no-abbrev", "-z", before, commit).split("\0")
        changed = [(about.split(), path) for about, path in zip(fields[::2], fields[1::2], strict=False)]
        for _, path in changed:
            (folder / path).unlink(missing_ok=True)
        self._write(folder, [(about[3], path) for about, path in changed if about[1].startswith("100")])

    def _write(self, folder: Path, files: Sequence[tuple[str, str]]) -> None:
        """Write blobs, each at its path."""
        reader = subprocess.Popen(self._git("cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for blob, path in files:
            reader.stdin.write(f"{blob}\n".encode())
            reader.stdin.flush()
            *_, size = reader.stdout.readline().decode().split()
            if size.isdigit():
                place = folder / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(reader.stdout.read(int(size) + 1)[:-1])
        reader.communicate()

    def _git(self, *arguments: str) -> Sequence[str]:
        return ["git", "-c", "safe.directory=*", f"--git-dir={self.folder}", *arguments]


def source_language(path: str) -> str | None:
    """Return the language of a source file that a change can be about; None for tests, documentation and the like."""
    language = language_of(path.rpartition("/")[2])
    return None if language in NOT_CODE or roles_of(path, language) & NO_ANSWER else language
