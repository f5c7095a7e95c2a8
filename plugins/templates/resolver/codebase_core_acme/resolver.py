"""The resolver: a folder belongs to the project that a file in it, or above it, names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codebase_core_hookspecs import Claim, CodebaseCoreError

if TYPE_CHECKING:
    from codebase_core_hookspecs import Request


class MarkerUnreadable(CodebaseCoreError):
    """The file is there and cannot be read: nobody knows what is meant, so resolution stops."""


class MarkerResolver:
    """Look from the folder up to the repository's root, and never above."""

    def __init__(self, marker: str) -> None:
        self._marker = marker

    async def resolve(self, request: Request) -> Claim:
        """Return a claim with its evidence; without a name it is an absence."""
        for folder in (request.path, *request.path.parents):
            if not folder.is_relative_to(request.root):
                break
            name = _first_line(folder / self._marker)
            if name:
                # Anybody may have committed the file: not confirmed by the user.
                return Claim(evidence=str(folder / self._marker), name=name, root=folder, confirmed=False)
        return Claim(evidence=f"no {self._marker} from {request.path} up to {request.root}")

    async def aclose(self) -> None:
        """Hold nothing."""


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as exc:
        raise MarkerUnreadable(f"{file}: {exc}", hint="fix the file, or name the --project") from exc
