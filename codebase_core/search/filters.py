"""Filters as people type them: languages by any of their names, paths as a shell has them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core.sources.language_names import languages_named

if TYPE_CHECKING:
    from uuid import UUID

    from codebase_core_hookspecs import Filters, ProjectStore

_WILD = frozenset("*?[{")


def with_languages(filters: Filters) -> Filters:
    """Return the filters with languages as an index names them: ``ts`` is TypeScript, with or without JSX."""
    if not filters.languages:
        return filters
    return replace(filters, languages=frozenset().union(*map(languages_named, filters.languages)))


async def with_places(filters: Filters, *, folder: Path, store: ProjectStore, machine: UUID) -> Filters:
    """Return the filters with paths as they are from the root of a repository.

    ``./app``, ``/home/me/shop/app``, ``~/shop`` and, for somebody who stands in ``src``, ``app/models``, which is there.
    Where all paths lie in certain repositories, only those are asked.
    """
    if not any("/" in glob or glob in (".", "..") for glob in filters.path_globs):
        return filters
    roots = {each.name: each.root for each in await store.repositories() if each.machine == machine}
    placed = [place(glob, folder=folder, roots=roots) for glob in filters.path_globs]
    globs = tuple(glob for _, glob in placed)
    repositories = {name for name, _ in placed if name is not None}
    certain = all(name is not None for name, _ in placed) and not filters.repositories
    return replace(filters, path_globs=globs, repositories=frozenset(repositories) if certain else filters.repositories)


def place(glob: str, *, folder: Path, roots: dict[str, str]) -> tuple[str | None, str]:
    """Return the repository that a glob names a part of, and the glob from its root; a glob for all of them stays as it is."""
    written = glob if glob in (".", "..") else os.path.expanduser(glob)  # noqa: PTH111 - a Path would lose the last slash
    is_place = written in (".", "..") or written.startswith(("./", "../", "/"))
    if not is_place and not _is_there(written, folder):
        return None, glob
    absolute = os.path.normpath(os.path.join(folder.resolve(), written))  # noqa: PTH118 - `..` goes up as in a shell
    for path in dict.fromkeys((absolute, os.path.realpath(absolute))):
        # The innermost repository first: one may lie in another.
        for name, root in sorted(roots.items(), key=lambda each: -len(each[1])):
            if path == root:
                return name, "**"
            if path.startswith(f"{root.rstrip('/')}/"):
                return name, path[len(root.rstrip("/")) :]
    return None, glob


def _is_there(glob: str, folder: Path) -> bool:
    """Tell whether the part of a glob before its first wildcard is below a folder."""
    if "/" not in glob:
        return False
    literal: list[str] = []
    for part in glob.split("/"):
        if _WILD & set(part):
            break
        literal.append(part)
    return bool(literal) and os.path.exists(os.path.join(folder, *literal))  # noqa: PTH110, PTH118
