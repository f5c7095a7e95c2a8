"""The project in use: one a user, for reading where nothing else says which project is meant."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from codebase_core.errors import SettingsError
from codebase_core.files import replace_file

FILE = "active-project"


def active_project(home: Path) -> UUID | None:
    """Return the id of the project in use."""
    file = home / FILE
    try:
        return UUID(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise SettingsError(f"cannot read {file}: {exc}", hint="codebase-core projects use NAME, or --none") from exc


def use(home: Path, project: UUID | None) -> None:
    """Choose the project in use, or none."""
    file = home / FILE
    try:
        if project is None:
            file.unlink(missing_ok=True)
            return
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(file, f"{project}\n")
    except OSError as exc:
        hint = "free some space or set CODEBASE_CORE_HOME to a folder that can be written"
        raise SettingsError(f"cannot write {file}: {exc.strerror}", hint=hint) from exc
