"""Ignore rules: nested ignore files from the repository root down, as git reads them, and folders nobody searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

IGNORE_FILES = (".gitignore", ".ignore")

DEFAULT_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".jj", ".bzr", ".venv", "venv", "__pycache__", "node_modules", "bower_components", ".tox", ".nox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".eggs", ".gradle", ".idea", ".vs", ".next", ".nuxt",
        ".cache", ".terraform", ".bundle", ".dart_tool", "site-packages", ".codebase-mcp",
    }
)  # fmt: skip
"""Never entered unless named by the user."""


@dataclass(frozen=True, slots=True)
class _Level:
    prefix: str
    spec: GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules in force in one folder; deeper files override those above, the last matching line of a file counts."""

    levels: tuple[_Level, ...] = ()

    @classmethod
    def of_root(cls, root: Path, *, exclude: Sequence[str] = ()) -> IgnoreRules:
        """Return the rules of a repository root: its private exclude file and the patterns of its configuration."""
        lines = [*_lines(root / ".git" / "info" / "exclude"), *exclude]
        return cls().extended("", lines)

    def extended(self, prefix: str, lines: Sequence[str]) -> IgnoreRules:
        """Return these rules and those of one more folder; ``prefix`` is its path with a trailing slash, empty for the root."""
        spec = GitIgnoreSpec.from_lines(lines)
        return IgnoreRules((*self.levels, _Level(prefix, spec))) if len(spec) else self

    def entering(self, folder: Path, prefix: str, names: Sequence[str]) -> IgnoreRules:
        """Return the rules inside a folder that holds entries with these names."""
        rules = self
        for name in IGNORE_FILES:
            if name in names:
                rules = rules.extended(prefix, _lines(folder / name))
        return rules

    def ignores(self, path: str) -> bool:
        """Tell whether a path is ignored; a folder's path ends with a slash."""
        for level in reversed(self.levels):
            include = level.spec.check_file(path[len(level.prefix) :]).include
            if include is not None:
                return include
        return False

    def without(self, path: str) -> IgnoreRules:
        """Return the rules less the files that ignore ``path``: what the user names is never ignored."""
        return IgnoreRules(tuple(level for level in self.levels if not IgnoreRules((level,)).ignores(path)))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
