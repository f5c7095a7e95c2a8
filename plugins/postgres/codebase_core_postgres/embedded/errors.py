"""Errors of the embedded server: each names the folder, file or account, and its hint the next step."""

from __future__ import annotations

from pathlib import Path

from codebase_core_hookspecs.errors import ServerUnavailable


class EmbeddedServerError(ServerUnavailable):
    """The embedded server cannot be used."""


class PlatformUnsupported(EmbeddedServerError):
    """The embedded server does not run on this operating system."""


class BinariesUnavailable(EmbeddedServerError):
    """The binaries of PostgreSQL are not installed, or cannot be executed."""


class AccountUnusable(EmbeddedServerError):
    """No operating system account can run the server, or this process cannot act as it."""


class FolderUnusable(EmbeddedServerError):
    """``folder`` cannot be written, belongs to another account, or is open to others."""

    def __init__(self, message: str, *, folder: Path, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.folder = folder


class DataIncompatible(EmbeddedServerError):
    """``folder`` was made by PostgreSQL ``require_project``; the binaries here are of ``expected`` (major versions)."""

    def __init__(self, *, folder: Path, found: str, expected: str) -> None:
        super().__init__(
            f"{folder} holds data of PostgreSQL {found}, but the embedded server is PostgreSQL {expected}",
            hint=f"install the codebase-core that made it, or move {folder} away and index again",
        )
        self.folder = folder
        self.found = found
        self.expected = expected


class DataIncomplete(EmbeddedServerError):
    """A data folder lacks parts without which no server can start on it."""


class DataInUse(EmbeddedServerError):
    """A server that was not started by this product runs on the data folder."""


class StartFailed(EmbeddedServerError):
    """PostgreSQL or initdb gave up; the message carries its last words."""


class NotReady(EmbeddedServerError):
    """The server did not become ready, or did not stop, before the deadline."""
