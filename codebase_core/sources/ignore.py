"""Ignore rules: nested ignore files from the repository root down, as git reads them, and folders nobody searches."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from .git import TrackedFiles, exclude_files

_GIT, _GIT_IGNORE = ".git", ".gitignore"
IGNORE_FILES = (_GIT_IGNORE, ".ignore")

DEFAULT_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".jj", ".bzr", ".venv", "venv", "__pycache__", "node_modules", "bower_components", ".tox", ".nox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".eggs", ".gradle", ".idea", ".vs", ".next", ".nuxt",
        ".cache", ".terraform", ".bundle", ".dart_tool", "site-packages", ".codebase-mcp",
    }
)  # fmt: skip
"""Never entered unless named by the user, but for what git tracks in them."""


@dataclass(frozen=True, slots=True)
class _Level:
    """The patterns of one file, the last line first: whether it ignores or takes back, and its expression.

    What rules ``of_git`` ignore is taken where git tracks it, as git has it.
    """

    prefix: str
    patterns: tuple[tuple[bool, re.Pattern[str]], ...]
    of_git: bool = True

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
        return replace(self, patterns=tuple((i, e) for i, e in self.patterns if not (i and e.search(own))))


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules in force in one folder; deeper files override those above, the last matching line of a file counts.

    ``own`` are the patterns of the configuration, in force in every repository of the tree. In a folder that is ``left_out`` only
    what git tracks is taken.
    """

    levels: tuple[_Level, ...] = ()
    own: tuple[str, ...] = ()
    tracked: TrackedFiles | None = None
    left_out: bool = False

    @classmethod
    def of_root(cls, root: Path, *, exclude: Sequence[str] = ()) -> IgnoreRules:
        """Return the rules of a repository root: the user's and its own exclude files, and the patterns of its configuration."""
        return cls.of_repository(root, "", own=tuple(exclude))

    @classmethod
    def of_repository(cls, root: Path, prefix: str, *, own: tuple[str, ...]) -> IgnoreRules:
        """Return the rules that a repository in a tree begins with; those of one around it end there."""
        rules = cls(own=own, tracked=TrackedFiles(root, prefix))
        for file in exclude_files(root):
            rules = rules.extended(prefix, _lines(file))
        return rules.extended("", own, of_git=False)

    def extended(self, prefix: str, lines: Sequence[str], *, of_git: bool = True) -> IgnoreRules:
        """Return these rules and those of one more folder; ``prefix`` is its path with a trailing slash, empty for the root."""
        found = [pattern for line in lines if (pattern := parsed(line)) is not None]
        patterns = tuple((bool(p.include), p.regex) for p in reversed(found) if p.regex is not None)
        return replace(self, levels=(*self.levels, _Level(prefix, patterns, of_git))) if patterns else self

    def entering(self, folder: Path, prefix: str, names: Sequence[str]) -> IgnoreRules:
        """Return the rules inside a folder that holds entries with these names."""
        rules = self.of_repository(folder, prefix, own=self.own) if prefix and _GIT in names else self
        for name in IGNORE_FILES:
            if name in names:
                rules = rules.extended(prefix, _lines(folder / name), of_git=name == _GIT_IGNORE)
        return rules

    def within(self, path: str) -> IgnoreRules | None:
        """Return the rules for a folder in this one, whose path ends with a slash; None if it is not to be entered.

        A folder that is ignored, or that nobody searches, is entered for the files in it that git tracks.
        """
        name = path.rstrip("/").rpartition("/")[2]
        if name not in DEFAULT_FOLDERS and not self.left_out and not self._verdict(path, self.levels):
            return self
        if name == _GIT or not self._takes(path):
            return None
        return self if self.left_out else replace(self, left_out=True)

    def ignores(self, path: str) -> bool:
        """Tell whether a path is ignored; a folder's path ends with a slash.

        What lies in an ignored folder is not ignored by itself: the folder is never entered.
        """
        return (self.left_out or self._verdict(path, self.levels)) and not self._takes(path)

    def _takes(self, path: str) -> bool:
        """Tell whether git tracks what its rules ignore, and no other rule ignores it."""
        others = [level for level in self.levels if not level.of_git]
        return self.tracked is not None and path in self.tracked and not self._verdict(path, others)

    @staticmethod
    def _verdict(path: str, levels: Sequence[_Level]) -> bool:
        verdicts = (level.verdict(path) for level in reversed(levels))
        return next((verdict for verdict in verdicts if verdict is not None), False)

    def without(self, folder: str) -> IgnoreRules:
        """Return the rules less the lines that ignore ``folder``: what the user names is never ignored."""
        return replace(self, levels=tuple(level.without(folder) for level in self.levels), left_out=False)


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
