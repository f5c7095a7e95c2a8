"""Ignore rules: nested ignore files from the repository root down, as git reads them, and folders nobody searches."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

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
    """The patterns of one file, the last line first: whether it ignores or takes back, and its expression."""

    prefix: str
    patterns: tuple[tuple[bool, re.Pattern[str]], ...]

    def verdict(self, path: str) -> bool | None:
        """Return whether the path is ignored; None if no line means it.

        The one group of pathspec's expressions is the slash behind a folder that the line names. If it took part, the line
        means a folder, perhaps one above the path, which was decided on when the walk came to it.
        """
        own = path[len(self.prefix) :]
        name = own.rstrip("/")
        for ignored, expression in self.patterns:
            found = expression.search(name)
            if found is not None and found.lastindex is None:
                return ignored
            if name is not own and any(m.lastindex and m.end() == len(own) for m in expression.finditer(own)):
                return ignored
        return None

    def without(self, folder: str) -> _Level:
        """Return the level less the lines that ignore a folder, one above it or all that is in it."""
        own = folder[len(self.prefix) :]
        return _Level(self.prefix, tuple((i, e) for i, e in self.patterns if not (i and e.search(own))))


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
        found = [pattern for line in lines if (pattern := parsed(line)) is not None]
        patterns = tuple((bool(p.include), p.regex) for p in reversed(found) if p.regex is not None)
        return IgnoreRules((*self.levels, _Level(prefix, patterns))) if patterns else self

    def entering(self, folder: Path, prefix: str, names: Sequence[str]) -> IgnoreRules:
        """Return the rules inside a folder that holds entries with these names."""
        rules = self
        for name in IGNORE_FILES:
            if name in names:
                rules = rules.extended(prefix, _lines(folder / name))
        return rules

    def ignores(self, path: str) -> bool:
        """Tell whether a path is ignored; a folder's path ends with a slash.

        What lies in an ignored folder is not ignored by itself: the folder is never entered.
        """
        verdicts = (level.verdict(path) for level in reversed(self.levels))
        return next((verdict for verdict in verdicts if verdict is not None), False)

    def without(self, folder: str) -> IgnoreRules:
        """Return the rules less the lines that ignore ``folder``: what the user names is never ignored."""
        return IgnoreRules(tuple(level.without(folder) for level in self.levels))


def parsed(line: str) -> GitIgnoreSpecPattern | None:
    """Return the pattern of a line; None for comments, empty lines, and invalid patterns, which git passes over too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # re about "[[": nothing that a user could fix
            pattern = GitIgnoreSpecPattern(line)
    except (ValueError, re.error):
        return None
    return pattern if pattern.include is not None else None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
