"""Which folders may be indexed on behalf of somebody who asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core.errors import FolderNotAllowed, PathUnusable
from codebase_core.sources.boundaries import is_part_of

if TYPE_CHECKING:
    from codebase_core_hookspecs import Workspace

    from codebase_core.config.settings import Settings


def allowed_roots(workspace: Workspace, settings: Settings) -> list[Path]:
    """Return the real folders within which indexing is allowed: the setting's, else those that the workspace names."""
    chosen = [Path(each).expanduser() for each in settings["allowed_roots"]] or workspace.roots
    return [real for each in chosen if (real := _real(each)) is not None]


def is_allowed(folder: Path, workspace: Workspace, settings: Settings) -> bool:
    """Whether a folder, links followed, lies in an allowed root."""
    real = _real(folder)
    return real is not None and any(real.is_relative_to(root) for root in allowed_roots(workspace, settings))


def allowed_parts(root: Path, workspace: Workspace, settings: Settings) -> list[str]:
    """Return what of a repository lies in the allowed roots, relative to its root: ``""`` for all of it, or folders."""
    real = _real(root)
    if real is None:
        return []
    allowed = allowed_roots(workspace, settings)
    if any(real.is_relative_to(each) for each in allowed):
        return [""]
    within = {each for each in allowed if each.is_relative_to(real) and is_part_of(each, real)}
    return sorted(each.relative_to(real).as_posix() for each in within)


def check_allowed(folder: Path, workspace: Workspace, settings: Settings) -> None:
    """Raise PathUnusable for a folder that is not there, FolderNotAllowed for one outside the allowed roots."""
    if _real(folder) is None:
        raise PathUnusable(f"{folder} does not exist or cannot be read", hint="name a folder of source code")
    if not is_allowed(folder, workspace, settings):
        listed = ", ".join(map(str, allowed_roots(workspace, settings))) or "none"
        raise FolderNotAllowed(
            f"{folder} may not be indexed from here; allowed: {listed}",
            hint=f"a person may run: codebase-core index {folder}, or set CODEBASE_CORE_ALLOWED_ROOTS",
        )


def _real(folder: Path) -> Path | None:
    try:
        return folder.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # ValueError: a NUL in it
        return None
